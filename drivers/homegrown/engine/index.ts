// Durable runs on the Postgres that an app already has: a library in the app's process, nothing else to operate. README.md
// has the protocol. Deploy with `migrate`, work with `Worker.open`, ask from elsewhere with `openClient`.
export { openClient } from './client.ts'
export { readJournal, type JournalRow } from './journal.ts'
export { Link } from './link.ts'
export { cancelStuck, limitTenant, retryStuck } from './operator.ts'
export { retain } from './retention.ts'
export { migrate } from './schema.ts'
export type { Seams } from './seams.ts'
export { strict } from './statement.ts'
export { Refusal } from './store.ts'
export type { RunHandle, WorkflowBody } from './types.ts'
export { kind, type Unit } from './unit.ts'
export { Worker } from './worker.ts'

export const engineVersion = '0.1.0'
