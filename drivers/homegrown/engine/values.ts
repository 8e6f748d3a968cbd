// Results of operations between a body and the journal.
import { StepFailed } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { RecordedRow } from './store.ts'
import type { Result } from './types.ts'
import { kind, maxDataChars } from './unit.ts'

/** What a recorded operation came to. */
export function settled(row: RecordedRow): Result<Json> {
  if (row.kind !== kind.stepFailed && row.kind !== kind.childFailed) return { ok: true, value: row.value }
  const { code, message } = row.value as { code: 'refused' | 'exhausted'; message: string }
  return { ok: false, error: new StepFailed(code, message) }
}

/** A result as it is recorded, or why it can't be. */
export function encode(value: Json, name: string): string | StepFailed {
  let data: string | undefined
  try {
    data = JSON.stringify(value)
  } catch (error) {
    return new StepFailed('refused', `'${name}' returned what JSON can't hold: ${(error as Error).message}`)
  }
  if (data === undefined) return new StepFailed('refused', `'${name}' returned ${typeof value}, which JSON can't hold`)
  return data.length <= maxDataChars ? data : new StepFailed('refused', `'${name}' returned ${data.length} characters; at most ${maxDataChars} can be recorded`)
}
