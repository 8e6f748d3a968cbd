// What the engine promises; engine/README.md says why each holds. It is this project's engine, so every page is 'ours'.
import type { Promises } from '../../contract/driver.ts'

const ours = <T>(value: T): { value: T; page: string } => ({ value, page: 'ours' })

export const promises: Promises = {
  effects: ours('exactly-once-recorded'),
  cancel: ours('boundary'),
  orphans: ours('cancel'),
  startDedup: ours('for as long as the schema exists'),
  timerGrainMs: ours(1),
  limits: ours('64 Mi characters a value, 2,147,483,646 operations a run; ids of 1 to 600 characters'),
  // The default budget's lease; a successor of the same identity does not wait for it.
  recovery: ours({ who: 'engine', afterMs: 3_000 }),
  poison: ours('put-aside'),
  fencing: ours('every write of a worker is conditional on its own row in the store, in the same transaction'),
}
