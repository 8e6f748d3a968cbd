// The links that go through a Toxiproxy, as faults see them: what is put on them, what is seen through them. A proxy is no partition: its
// kernel acknowledges what it swallows. What it shows is a network that is slow, thin, in pieces, or says no.
import { Toxiproxy, type ToxicAttributeTypes, type ToxicType } from 'toxiproxy-node-client'
import type { LinkName } from '../../contract/plan.ts'
import { greet, type Greeting, type Protocol } from './greeting.ts'

export interface ProxiedLink {
  readonly link: LinkName
  readonly protocol: Protocol
  /** Of Toxiproxy's API, and of the proxy in it. */
  readonly api: string
  readonly name: string
  /** Where it listens: on 127.0.0.1, or in a container. */
  readonly host: string
  readonly port: number
}

export interface Proxies {
  /** @throws where no proxy stands on that link */
  on(link: LinkName): ProxiedLink
}

/** To everything that goes through, both ways. Resolves to what takes it off again. */
export async function addToxic({ api, name }: ProxiedLink, type: ToxicType, attributes: ToxicAttributeTypes): Promise<() => Promise<void>> {
  const proxy = await new Toxiproxy(api).get(name)
  const toxics = await Promise.all((['upstream', 'downstream'] as const).map((stream) => proxy.addToxic({ name: `${type}_${stream}`, type, stream, toxicity: 1, attributes })))
  return async () => void (await Promise.all(toxics.map((toxic) => toxic.remove())))
}

/** Disabled, it refuses connections and has cut those that there were. */
export async function setEnabled({ api, name }: ProxiedLink, enabled: boolean): Promise<void> {
  const proxy = await new Toxiproxy(api).get(name)
  await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream })
}

/** Through the proxy, as the near end would. */
export function greetThrough({ host, port, protocol }: ProxiedLink, bytes: number, withinMs: number): Promise<Greeting> {
  return greet({ host, port }, protocol, bytes, withinMs)
}
