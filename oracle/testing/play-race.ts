// An approval race as the world, the load and an engine would write it: who answers, when, and who wins.
import type { Token, TraceEntry } from '../../contract/logs.ts'
import type { LogBuilder } from './build-log.ts'

type Answer = 'approve' | 'reject'

export interface RaceHooks {
  /** All at once, in this order. */
  readonly answers?: readonly Answer[]
  readonly when?: 'early' | 'during' | 'at the time-out'
  /** null: the time-out. */
  readonly winner?: Answer | null
  readonly cancel?: 'accepted' | 'none'
  /** Instead of what the winner leads to: the steps that are done after the wait. */
  readonly done?: readonly string[]
}

const timeoutMs = 600
const cents = 500

/** Point scenario: approval-race. With a cancel the run is cancelled after its announcement. */
export function playRace(log: LogBuilder, index: number, hooks: RaceHooks = {}): TraceEntry[] {
  const { answers = ['approve', 'reject'], when = 'during', winner = answers[0] ?? null, cancel = 'none' } = hooks
  const id = log.start(index)
  const meet = (): void => {
    for (const answer of answers) log.signal(id, 'approval', 'ok', `${id}/${answer}`)
    if (cancel === 'accepted') log.cancel(id)
  }
  if (when === 'early') meet()
  const charge = log.step(id, 1, 'charge', [], 'worker0-1', cents)
  const beganMs = log.ms
  if (when === 'during') {
    log.after(100)
    meet()
  } else if (when === 'at the time-out') {
    log.after(timeoutMs - 30)
    meet()
  }
  if (winner === null) log.ms = Math.max(log.ms, beganMs + timeoutMs + 5)
  const signalId = winner === null ? null : `${id}/${winner}`
  const wait: TraceEntry = { wait: 'approval', signalId, timeoutMs }
  const after: Token[] = signalId === null ? [charge] : [charge, `signal:${signalId}`]
  const decision = winner === null ? 'expired' : winner === 'approve' ? 'approved' : 'rejected'
  const [announce, last] = hooks.done ?? [`announce-${decision}`, decision === 'approved' ? 'ship' : 'refund']
  const announced = log.step(id, 3, announce!, after)
  const begun: TraceEntry[] = [charge, wait, announced]
  if (cancel === 'accepted') {
    log.record(id, begun)
    for (const reader of ['live', 'reread']) log.told(id, { status: 'cancelled' }, reader)
    return begun
  }
  const trace = [...begun, log.step(id, 4, last!, [announced], 'worker0-1', last === 'refund' ? -cents : undefined)]
  log.record(id, trace)
  for (const reader of ['live', 'reread']) log.seen(id, { decision, keptCents: decision === 'approved' ? cents : 0 }, trace, reader)
  return trace
}
