// What DBOS's documentation promises, each with its page; reports hold the measurements against it.
import type { Promises } from '../../contract/driver.ts'

const docs = 'https://docs.dbos.dev'
// Where the manual is silent, the doc comments of the source are what the makers say.
const source = 'https://github.com/dbos-inc/dbos-transact-ts/blob/main/src'

export const promises: Promises = {
  effects: { value: 'at-least-once', page: `${docs}/typescript/tutorials/workflow-tutorial#reliability-guarantees` },
  cancel: { value: 'boundary', page: `${docs}/typescript/tutorials/workflow-management#cancelling-workflows` },
  // cancelWorkflow leaves children alone unless cancelChildren is set, and a child of a failed parent runs on.
  orphans: { value: 'abandon', page: `${source}/dbos.ts` },
  startDedup: { value: 'as long as the workflow\'s row exists', page: `${docs}/typescript/tutorials/workflow-tutorial#workflow-ids-and-idempotency` },
  timerGrainMs: { value: 1, page: `${docs}/typescript/tutorials/workflow-tutorial` },
  limits: { value: 'inputs, outputs and messages are Postgres text: 1 GB a value', page: 'https://www.postgresql.org/docs/current/limits.html' },
  recovery: { value: { who: 'operator', afterMs: 0 }, page: `${docs}/production/workflow-recovery` },
  poison: { value: 'fails', page: `${source}/workflow.ts` },
  fencing: { value: 'an execution that lost its workflow stops at its next checkpoint and adopts the recorded outcome', page: `${source}/error.ts` },
}
