// Shared by the tests of invariants: each is broken on purpose, in logs that are legal but for that, and must fail by its own
// name and name the workflow.
import { expect } from 'vitest'
import type { InvariantName } from '../../contract/plan.ts'
import type { Outcome } from '../../contract/driver.ts'
import type { HistoryLine, TraceEntry } from '../../contract/logs.ts'
import type { InvariantResult } from '../../contract/result.ts'
import { scenarios } from '../../scenarios/index.ts'
import { invariants } from '../invariants/index.ts'
import type { Logs } from '../logs.ts'
import { evidenceOf } from '../read/evidence.ts'
import { judge } from '../verdict.ts'
import { LogBuilder, playPurchase, type PurchaseHooks } from './build-log.ts'

export function judged(name: InvariantName, logs: Logs): InvariantResult {
  return judge(invariants.find((invariant) => invariant.name === name)!, evidenceOf(logs, scenarios), [])
}

export function expectFailure(name: InvariantName, logs: Logs, workflowId: string, summary: string): void {
  const result = judged(name, logs)
  expect(result).toMatchObject({ verdict: 'fail', findings: expect.arrayContaining([expect.objectContaining({ workflowId, summary: expect.stringContaining(summary) as string })]) as unknown })
  expect(result.findings.every((finding) => finding.lines.length > 0)).toBe(true)
}

export const expectPass = (name: InvariantName, logs: Logs, exposures: number): void => expect(judged(name, logs)).toMatchObject({ verdict: 'pass', exposures })

/** One purchase with something odd in it. */
export function purchase(hooks: PurchaseHooks = {}, then: (log: LogBuilder, trace: TraceEntry[]) => void = () => undefined): Logs {
  const log = new LogBuilder()
  then(log, playPurchase(log, 0, hooks))
  return log.build()
}

/** The history with the outcomes of readers changed. */
export function told(logs: Logs, change: (outcome: Outcome, reader: string) => Outcome): Logs {
  return { ...logs, history: logs.history.map((line): HistoryLine => (line.ph === 'seen' ? { ...line, outcome: change(line.outcome, line.reader) } : line)) }
}

export function toldTrace(logs: Logs, change: (trace: TraceEntry[]) => TraceEntry[]): Logs {
  return told(logs, (outcome) => {
    const { value, trace } = (outcome as unknown as { output: { value: unknown; trace: TraceEntry[] } }).output
    return { status: 'completed', output: { value, trace: change([...trace]) } } as unknown as Outcome
  })
}

/** Step 2 is attempted, something happens, and it is attempted again. */
export function chargedAgain(between: (log: LogBuilder, first: string) => void, second = 'worker1-2'): NonNullable<PurchaseHooks['charge']> {
  return (log, id, prev, cents) => {
    const first = log.attempt(id, 2, 'charge', prev)
    log.applied(first, cents)
    between(log, first)
    return log.replied(log.attempt(id, 2, 'charge', prev, second))
  }
}
