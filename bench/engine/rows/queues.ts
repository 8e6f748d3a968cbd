// Claims from a queue with a limit per tenant, against claiming one by one with FOR UPDATE SKIP LOCKED.
import type { Row } from '../row.ts'

export const queues: Row = {
  name: 'queues',
  about: 'claims/s of homegrown\'s queues ÷ FOR UPDATE SKIP LOCKED one by one',
  target: { atLeast: 5 },
  // Once the engine has queues: a = a solo that claims one row a transaction from an identical table, b = a point whose starts go
  // through a queue, counted by the ledger's first step of each run.
  prepare: () => Promise.resolve({ state: 'not built yet', why: 'the engine has no queues yet' }),
}
