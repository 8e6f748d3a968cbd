// One run in memory as its body sees it: each operation is answered from the journal, or carried out and then recorded.
import type { Json } from '../../../contract/json.ts'
import { child } from './family.ts'
import { signal, sleep } from './pauses.ts'
import { RunState } from './run-state.ts'
import { step, transact } from './steps.ts'
import type { Result, RunHandle, Statement, StepPolicy } from './types.ts'
import { kind } from './unit.ts'

const never = new Promise<never>(() => undefined)

/** A run that has left memory begins nothing: its next life does. */
export class Run extends RunState implements RunHandle {
  step(seq: number, name: string, policy: StepPolicy, body: (abort: AbortSignal | null) => Promise<Json>): Promise<Result<Json>> {
    return this.aborted ? never : step(this, seq, name, policy, body)
  }

  transact(seq: number, name: string, statement: Statement): Promise<Result<Json>> {
    return this.aborted ? never : transact(this, seq, name, statement)
  }

  child(seq: number, workflow: string, input: Json): Promise<Result<Json>> {
    return this.aborted ? never : child(this, seq, workflow, input)
  }

  sleep(seq: number, ms: number): Promise<void> {
    return this.aborted ? never : sleep(this, seq, ms)
  }

  signal(seq: number, name: string, timeoutMs?: number): Promise<{ got: Json } | 'timeout'> {
    return this.aborted ? never : signal(this, seq, name, timeoutMs)
  }

  async renew(seq: number, input: Json): Promise<never> {
    if (this.aborted) return never
    this.waits.boundary()
    this.idleness.begin()
    await this.record(seq, kind.renewed, '', JSON.stringify(input))
    this.owner.renewed(this, input)
    return never
  }

  uncancellable<T>(body: () => Promise<T>): Promise<T> {
    return this.waits.shielded(body)
  }
}
