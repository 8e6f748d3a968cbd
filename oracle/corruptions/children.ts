// Illegal changes that `orphans` must notice. The first two need an engine that promises to end children with their parent, or a
// child whose result was used.
import { childrenIn, usedEnd } from '../families.ts'
import { firstTerminal, traceOf } from '../path.ts'
import { withTrace, type Corruption, type Sample } from './corruption.ts'
import { laterAttempt } from './copies.ts'

/** Long enough after the end that no engine can have missed it. */
const laterMs = 60_000

export const childCorruptions: readonly Corruption[] = [
  {
    name: 'a child went on after its parent had ended', log: 'L', invariant: 'orphans',
    apply: (sample) => {
      const attempt = endedChild(sample)?.attempts[0]
      const end = firstTerminal(sample.run)
      return attempt === undefined || end === undefined ? null : { ...sample.logs, world: laterAttempt(sample.logs.world, { ...attempt, seq: attempt.seq + laterSeq }, end.atMs + laterMs) }
    },
  },
  {
    name: 'the journal lacks the end of a child', log: 'J', invariant: 'orphans',
    apply: (sample) => {
      const child = endedChild(sample)
      const isEnd = ({ workflowId, kind }: Sample['logs']['journal'][number]): boolean => workflowId === child?.id && kind === 'end'
      return !sample.logs.journal.some(isEnd) ? null : { ...sample.logs, journal: sample.logs.journal.filter((entry) => !isEnd(entry)) }
    },
  },
  {
    name: 'the outcome holds a child that never ran', log: 'H', invariant: 'orphans',
    apply: ({ logs, run }) => {
      const at = traceOf(run)?.findIndex((entry) => typeof entry === 'object' && 'child' in entry) ?? -1
      return at < 0 ? null : withTrace(logs, (trace) => trace.with(at, { child: `${run.id}/none` }))
    },
  },
]

/** An operation that the child never began. */
const laterSeq = 1_000

function endedChild({ evidence, run }: Sample): ReturnType<typeof evidence.runOf> {
  const policy = evidence.context.driver.promises.orphans.value
  return childrenIn(evidence).get(run)?.find((child) => child.attempts.length > 0 && (usedEnd(evidence, run, child) !== null || policy === 'cancel'))
}
