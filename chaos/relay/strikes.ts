// What can be done to a commit on its way. Each waits until all before it was answered, so that it hurts this one and no other,
// and tells what it saw: its own record of what it kept back, and what the server answered.
import type { LinkStrike } from '../../contract/plan.ts'
import { committed, spoken } from './answers.ts'
import type { Stopped } from './peer.ts'

export interface Hit {
  /** When the client was cut off. */
  readonly atMs: number
  /** The proof, in words. */
  readonly saw: string
  /** Delivers what was held back; resolves with what the server answered to it. */
  readonly late?: () => Promise<string>
}

/** null: it was no commit after all (the server refused it), so nothing was hit. */
export type Strike = (stopped: Stopped) => Promise<Hit | null>

export const strikes: Readonly<Record<LinkStrike, Strike>> = {
  async 'cut-request'(stopped) {
    await stopped.before()
    const atMs = cut(stopped)
    await stopped.cutServer()
    return { atMs, saw: `${about(stopped)}: none of its ${stopped.bytes.length} bytes reached the store` }
  },

  async 'cut-answer'(stopped) {
    await stopped.before()
    const [answer] = await Promise.all([stopped.answer(), stopped.deliver(stopped.bytes)])
    if (!committed(answer)) return null
    const atMs = cut(stopped)
    await stopped.cutServer()
    return { atMs, saw: `${about(stopped)}: the store answered ${spoken(answer)}, which nobody was told` }
  },

  async 'cut-batch'(stopped) {
    await stopped.before()
    const half = stopped.bytes.subarray(0, Math.ceil(stopped.bytes.length / 2))
    await stopped.deliver(half)
    const atMs = cut(stopped)
    const error = await stopped.cutServer()
    return { atMs, saw: `${about(stopped)}: ${half.length} of its ${stopped.bytes.length} bytes reached the store, whose backend ended${error === null ? '' : ` with ${error}`}` }
  },

  async 'hold-commit'(stopped) {
    await stopped.before()
    const atMs = cut(stopped)
    return {
      atMs,
      saw: `${about(stopped)}: its ${stopped.bytes.length} bytes held back`,
      async late() {
        const [answer] = await Promise.all([stopped.answer(), stopped.deliver(stopped.bytes)])
        const lateMs = Math.round(nowMs() - atMs)
        await stopped.cutServer()
        return `${about(stopped)}: delivered ${lateMs} ms late, the store answered ${spoken(answer)}`
      },
    }
  },
}

function cut(stopped: Stopped): number {
  const atMs = nowMs()
  stopped.cutClient()
  return atMs
}

function about({ unit, peer }: Stopped): string {
  return `${unit.label} of backend ${peer.backend}`
}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
