// Invariant 13. However often an id is started, by retries or by several clients at once, there is one run. Two runs betray
// themselves by two starts in the journal, by two replies of one step that were both used, or by a step done twice for no reason.
import { journalKinds, type Evidence, type Run } from '../evidence.ts'
import { extrasOf } from '../extras.ts'
import { traceOf } from '../path.ts'
import { stepsOf } from '../steps.ts'
import { zombiesOf } from '../zombies.ts'
import { isTopLevel, Tally, type Invariant } from './invariant.ts'

export const startDedup: Invariant = {
  name: 'start-dedup',
  title: 'Many starts of one id are one run',
  holds: 'An id that was started several times, at once or again, has one start in the journal and one path at the world.',
  exposure: 'Ids with two starts or more that were not rejected.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    for (const run of evidence.runs) {
      twoStarts(evidence, run, tally)
      if (!isTopLevel(run) || run.starts.filter((start) => start.answer !== 'fail').length < 2) continue
      tally.exposures++
      if (run.starts.filter((start) => start.how === 'started').length > 1) tally.count('saidStartedTwice')
      twoPaths(evidence, run, tally)
    }
    return tally
  },
}

const startKind = journalKinds.indexOf('start')

function twoStarts({ journal }: Evidence, run: Run, tally: Tally): void {
  const lines: string[] = []
  // Rows are ordered by seq, so starts (seq 0) are among the first, after the end.
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]! && journal.seq[row]! <= 0; row++) {
    if (journal.kind[row] === startKind) lines.push(`journal.jsonl:${journal.line[row]!}`)
  }
  if (lines.length > 1) tally.violate({ summary: 'the journal holds two starts of one id', workflowId: run.id, lines, missing: [] })
}

function twoPaths(evidence: Evidence, run: Run, tally: Tally): void {
  const { all, byNonce } = stepsOf(evidence, run)
  const zombies = zombiesOf(evidence, run)
  const used = new Map<number, { nonce: number; line: string }>()
  const use = (token: unknown, line: string): void => {
    const given = typeof token === 'number' ? byNonce.get(token) : undefined
    if (given === undefined) return
    const before = used.get(given.seq)
    if (before === undefined) used.set(given.seq, { nonce: given.nonce!, line })
    else if (before.nonce !== given.nonce) tally.violate({ summary: 'two paths of one id: two replies of one step were used', workflowId: run.id, seq: given.seq, lines: [before.line, line], missing: ['faults'] })
  }
  for (const attempt of all) if (!zombies.has(attempt)) for (const token of attempt.prev) use(token, attempt.line)
  for (const entry of traceOf(run) ?? []) use(entry, 'history.jsonl')
  const first = extrasOf(evidence, run).find(({ attempt, cause }) => cause === null && attempt.seq === all[0]?.seq)
  if (first !== undefined) {
    tally.violate({ summary: 'one id was started as two runs', workflowId: run.id, seq: first.attempt.seq, lines: [first.before.line, first.attempt.line], missing: ['world', 'faults'] })
  }
}
