// Who reaches whom by which address: directly, or through a proxy where the plan hurts that link. Nothing stands between others, so
// that all other points are measured without it.
import type { LinkName } from '../contract/plan.ts'
import type { Guard } from '../processes/guard.ts'
import { ServiceError } from './error.ts'
import { startToxiproxy, type ProxiedLink, type ToxiproxyPlace } from './toxiproxy/server.ts'

export interface Links extends AsyncDisposable {
  /** The host:port by which the near end of that link reaches its far end. */
  through(link: LinkName, farEnd: string, protocol: ProxiedLink['protocol']): Promise<string>
  readonly proxied: readonly ProxiedLink[]
  /** Why no proxy could be had; empty: it could, or none was wanted. */
  readonly lacks: string
}

interface LinkOptions {
  readonly wanted: readonly LinkName[]
  readonly folder: string
  readonly guard: Guard
  readonly prefix: string
  readonly address: string | undefined
  readonly onProgress: (text: string) => void
  /** Of a Toxiproxy of our own; left out: a process here. */
  readonly place?: ToxiproxyPlace
}

/** Without a Toxiproxy everybody is reached directly: faults of links are then skipped, with the reason. */
export async function openLinks({ wanted, address, ...options }: LinkOptions): Promise<Links> {
  const proxied: ProxiedLink[] = []
  if (wanted.length === 0) return direct('')
  options.onProgress('starting Toxiproxy')
  const found = await startToxiproxy({ ...options, ...(address === undefined ? {} : { address }) }).catch((error: unknown) => {
    if (error instanceof ServiceError) return error
    throw error
  })
  if (found instanceof ServiceError) return direct(found.message)
  return {
    proxied,
    lacks: '',
    async through(link, farEnd, protocol) {
      if (!wanted.includes(link)) return farEnd
      const opened = await found.open(link, farEnd, protocol)
      proxied.push(opened)
      return `${opened.host}:${opened.port}`
    },
    [Symbol.asyncDispose]: () => found[Symbol.asyncDispose](),
  }
}

function direct(lacks: string): Links {
  return { proxied: [], lacks, through: (_link, farEnd) => Promise.resolve(farEnd), [Symbol.asyncDispose]: () => Promise.resolve() }
}
