// Illegal changes that `outcome` must notice.
import type { LedgerLine } from '../../contract/logs.ts'
import { outputOf, traceOf } from '../path.ts'
import { swappedCompensations } from './cancel.ts'
import { withOutcomes, type Corruption, type Sample } from './corruption.ts'

export const outcomeCorruptions: readonly Corruption[] = [
  {
    name: 'a run failed in a way that its input does not allow', log: 'H', invariant: 'outcome',
    apply: ({ logs, evidence, run }) => (evidence.scenarios.get(run.scenario)?.objection === undefined ? null : withOutcomes(logs, () => ({ status: 'failed', error: { code: 'changed', message: '' } }))),
  },
  {
    name: 'the world never refused what was given up as refused', log: 'L', invariant: 'outcome',
    apply: (sample) => {
      const refused = new Set(attemptsAt(sample, refusedSeq(sample)))
      return refused.size === 0 ? null : { ...sample.logs, world: sample.logs.world.map((line): LedgerLine => (line.k === 'replied' && refused.has(line.a) && line.status >= 400 ? { ...line, status: 500 } : line)) }
    },
  },
  {
    name: 'a run that gave up took back in another order', log: 'L', invariant: 'outcome',
    apply: (sample) => {
      const output = outputOf(sample.run)
      return output !== null && sample.evidence.scenarios.get(sample.run.scenario)?.gaveUp?.(output.value) === true ? swappedCompensations(sample) : null
    },
  },
]

function refusedSeq({ run }: Sample): number {
  return (traceOf(run) ?? []).findIndex((entry) => typeof entry === 'object' && 'failed' in entry && entry.failed === 'refused') + 1
}

function attemptsAt({ run }: Sample, seq: number): string[] {
  return run.attempts.filter((attempt) => attempt.seq === seq).map(({ a }) => a)
}
