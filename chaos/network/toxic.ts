// What the faults of a proxied link have in common: put on, looked at through the link itself, taken off, looked at again.
import type { Toxic } from '../../contract/plan.ts'
import type { NetworkFault } from '../faults/fault.ts'
import type { Greeting } from './greeting.ts'
import { greetThrough, type ProxiedLink } from './proxies.ts'

const shortBytes = 100
const answerMs = 5_000

interface Hurt {
  readonly kind: Toxic
  readonly about: string
  /** Resolves to what takes it off. */
  readonly put: (link: ProxiedLink) => Promise<() => Promise<void>>
  /** How the link is greeted to show it. */
  readonly bytes?: number
  readonly withinMs?: number
  /** Does the answer show it? Given what the link took before, for the same greeting. */
  readonly shows: (greeting: Greeting, beforeMs: number) => boolean
  /** What `shows` asks for, for whoever reads that it did not. */
  readonly expected: string
}

export function toxic({ kind, about, put, bytes = shortBytes, withinMs = answerMs, shows, expected }: Hurt): NetworkFault {
  return {
    of: 'network', kind, about,
    roles: ['link'],
    async hold(network, { link: name }) {
      const link = network.proxies().on(name)
      const before = await greetThrough(link, bytes, answerMs)
      if (!('ms' in before)) throw new Error(`expected ${name} to answer before it is hurt, found it ${before.failed}`)
      const takeOff = await put(link)
      const after = await greetThrough(link, bytes, withinMs)
      if (!shows(after, before.ms)) {
        await takeOff()
        throw new Error(`expected ${expected} on ${name}, found ${told(after)}; before it had ${told(before)}`)
      }
      const saw = `${name}: a greeting of ${bytes} bytes had ${told(before)}, then ${told(after)}`
      return {
        saw,
        async heal() {
          await takeOff()
          const healed = await greetThrough(link, bytes, answerMs)
          if (!('ms' in healed)) throw new Error(`expected ${name} to answer within ${answerMs} ms once healed, found it ${healed.failed}`)
          return { saw: `healed, ${told(healed)}` }
        },
      }
    },
  }
}

function told(greeting: Greeting): string {
  return 'ms' in greeting ? `an answer after ${greeting.ms.toFixed(1)} ms` : greeting.failed
}
