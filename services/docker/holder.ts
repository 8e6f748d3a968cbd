// A network that a worker's containers share, one after the other: held by a container that does nothing, so that it stays when they die. It
// begins without any way out; whoever wants one lays a cable into it.
import type { Engine } from './engine.ts'
import { discard } from './hands.ts'

export interface NetworkHolder extends AsyncDisposable {
  /** As other containers name it. */
  readonly network: string
  /** Whose /proc shows it. */
  readonly pid: number
}

export async function holdNetwork(engine: Engine, what: string): Promise<NetworkHolder> {
  const container = await engine.client.container.create({ name: engine.name(what), Image: await engine.image('node'), Cmd: ['sleep', 'infinity'], Labels: { ...engine.labels }, HostConfig: { Init: true, NetworkMode: 'none' } })
  await container.start()
  return { network: `container:${container.id}`, pid: (await container.inspect()).State.Pid, [Symbol.asyncDispose]: () => discard(container) }
}
