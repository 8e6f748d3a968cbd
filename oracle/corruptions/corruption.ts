// A corruption makes the logs of one legal run illegal, in a way that one invariant must notice.
import type { InvariantName } from '../../contract/plan.ts'
import type { TraceEntry } from '../../contract/logs.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../../contract/driver.ts'
import type { Evidence, Run } from '../evidence.ts'
import type { Logs } from '../logs.ts'
import { outputIn } from '../path.ts'

export interface Sample {
  readonly logs: Logs
  /** Of those logs. */
  readonly evidence: Evidence
  readonly run: Run
}

export interface Corruption {
  /** What was done to the logs. */
  readonly name: string
  readonly log: 'H' | 'L' | 'J' | 'E'
  readonly invariant: InvariantName
  /** null: it does not apply to this run. */
  apply(sample: Sample): Logs | null
}

/** The history with every outcome changed that is the run's. */
export function withOutcomes(logs: Logs, change: (outcome: Outcome, reader: string, index: number) => Outcome): Logs {
  let index = 0
  return { ...logs, history: logs.history.map((line) => (line.ph === 'seen' ? { ...line, outcome: change(line.outcome, line.reader, index++) } : line)) }
}

/** The history with the trace of every output changed. */
export function withTrace(logs: Logs, change: (trace: readonly TraceEntry[]) => readonly TraceEntry[]): Logs {
  return withOutcomes(logs, (outcome) => {
    const output = outputIn({ n: 0, atMs: 0, reader: '', outcome })
    return output === null ? outcome : { status: 'completed', output: { ...output, trace: change(output.trace) as Json } }
  })
}
