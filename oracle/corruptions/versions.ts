// An illegal change of what a run did when it met a deploy.
import type { LedgerLine } from '../../contract/logs.ts'
import type { Corruption } from './corruption.ts'

export const versionCorruptions: readonly Corruption[] = [
  {
    name: 'a run went on with another version', log: 'L', invariant: 'stability',
    apply: ({ logs, evidence, run }) => {
      const { versionOf, steps } = evidence.scenarios.get(run.scenario) ?? {}
      const [first, last] = [run.attempts[0], run.attempts.at(-1)]
      if (versionOf === undefined || first === undefined || last === undefined || last.seq === first.seq) return null
      const other = Object.keys(steps!).find((step) => versionOf(step) !== versionOf(first.step))
      return other === undefined ? null : { ...logs, world: logs.world.map((line): LedgerLine => (line.k === 'attempt' && line.seq === last.seq ? { ...line, step: other } : line)) }
    },
  },
]
