// Illegal changes of J.
import type { Corruption } from './corruption.ts'
import { freshNonce, repeatedByZombie } from './copies.ts'
import { traceOf } from '../path.ts'

export const journalCorruptions: readonly Corruption[] = [
  {
    name: 'the journal holds another reply', log: 'J', invariant: 'stability',
    apply: ({ logs, run }) => {
      const at = logs.journal.findIndex((entry) => entry.workflowId === run.id && entry.nonce !== undefined)
      return at < 0 || traceOf(run) === null ? null : { ...logs, journal: logs.journal.map((entry, i) => (i === at ? { ...entry, nonce: freshNonce } : entry)) }
    },
  },
  {
    name: 'the journal lost a step', log: 'J', invariant: 'stability',
    apply: ({ logs, run }) => {
      const at = logs.journal.findIndex((entry) => entry.workflowId === run.id && entry.nonce !== undefined)
      return at < 0 || traceOf(run) === null ? null : { ...logs, journal: logs.journal.filter((_, i) => i !== at) }
    },
  },
  {
    name: 'the reply of a superseded worker is in the journal', log: 'J', invariant: 'fencing',
    apply: (sample) => {
      const repeated = repeatedByZombie(sample)
      const at = sample.logs.journal.findIndex((entry) => entry.workflowId === sample.run.id && entry.nonce === repeated?.winning)
      return repeated === null || at < 0 ? null : { ...sample.logs, world: repeated.world, journal: sample.logs.journal.map((entry, i) => (i === at ? { ...entry, nonce: freshNonce } : entry)) }
    },
  },
  {
    name: 'the journal has a second start', log: 'J', invariant: 'start-dedup',
    apply: ({ logs }) => {
      const start = logs.journal.find((entry) => entry.kind === 'start')
      return start === undefined ? null : { ...logs, journal: [...logs.journal, start] }
    },
  },
]
