// Invariant 1. What an engine accepted must come to an end; what it refused must never run; what nobody accepted or refused
// may do either. Whether it came to an end late is liveness's question.
import { journalKinds, type Evidence, type Run } from '../evidence.ts'
import { isTerminal } from '../path.ts'
import { deadlyOf } from '../deadly.ts'
import { judgedUntilMs } from '../deadline.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const admission: Invariant = {
  name: 'admission',
  title: 'What was accepted exists and ends; what was rejected never runs',
  holds: 'Each start that was acknowledged exists and ends; each start that was rejected leaves no trace at the world or in the journal; one of unknown outcome may do either. Nothing runs that nobody started.',
  exposure: 'Runs whose start was acknowledged or rejected.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    for (const run of evidence.runs) {
      if (!isTopLevel(run)) child(evidence, run, tally)
      else if (run.starts.length === 0) stray(evidence, run, tally)
      else if (run.starts.some((start) => start.answer === 'ok')) accepted(evidence, run, tally)
      else if (run.starts.every((start) => start.answer === 'fail')) rejected(evidence, run, tally)
      else tally.count('unknownStarts')
    }
    return tally
  },
}

function accepted(evidence: Evidence, run: Run, tally: Tally): void {
  tally.exposures++
  if (run.seen.some(isTerminal)) return
  const acknowledged = run.starts.find((start) => start.answer === 'ok')!
  const last = run.seen.at(-1)
  const lines = [`history.jsonl#${acknowledged.answerN}`, ...(last ? [historyLine(last)] : [])]
  const common = { workflowId: run.id, lines, missing: ['history'] as const }
  if (last === undefined) return tally.violate({ ...common, summary: 'an accepted run was never read', doubt: true })
  if (last.outcome.status === 'running' && deadlyOf(evidence, run)?.mayStayOpen === true) return // liveness counts it
  const patient = evidence.observedUntilMs >= judgedUntilMs(evidence, run)
  if (last.outcome.status === 'absent') tally.violate({ ...common, summary: 'an accepted run is lost: readers find it absent' })
  else tally.violate({ ...common, summary: `an accepted run did not end: last seen ${last.outcome.status}`, ...(patient ? {} : { doubt: true }) })
}

function rejected(evidence: Evidence, run: Run, tally: Tally): void {
  tally.exposures++
  const ran = tracesOf(evidence, run)
  const seen = run.seen.find((seen) => seen.outcome.status !== 'absent')
  if (ran.length === 0 && seen === undefined) return
  // Another start that was accepted may be what is missing.
  tally.violate({
    summary: 'a rejected start ran all the same', workflowId: run.id, missing: ['history'],
    lines: [...run.starts.map((start) => `history.jsonl#${start.answerN}`), ...(seen ? [historyLine(seen)] : []), ...ran].slice(0, 6),
  })
}

function stray(evidence: Evidence, run: Run, tally: Tally): void {
  const ran = tracesOf(evidence, run)
  if (ran.length > 0) tally.violate({ summary: 'a run that nobody started', workflowId: run.id, lines: ran, missing: ['history'] })
}

function child(evidence: Evidence, run: Run, tally: Tally): void {
  const root = evidence.runOf(run.id.slice(0, run.id.indexOf('/')))
  if (root === undefined || (root.starts.length === 0 && tracesOf(evidence, root).length === 0)) {
    tally.violate({ summary: 'a child whose parent nobody started', workflowId: run.id, lines: tracesOf(evidence, run), missing: ['history'] })
  }
}

/** The first lines that show it running. */
function tracesOf({ bare, journal }: Evidence, run: Run): string[] {
  const row = bare.offsets[run.index]!
  const entry = journal.offsets[run.index]!
  return [
    ...run.attempts.slice(0, 1).map((attempt) => `world.jsonl#${attempt.n}`),
    ...(row < bare.offsets[run.index + 1]! ? [`${bare.files[bare.file[row]!]!}#${bare.n[row]!}`] : []),
    ...(entry < journal.offsets[run.index + 1]! ? [`journal.jsonl:${journal.line[entry]!} (${journalKinds[journal.kind[entry]!]!})`] : []),
  ]
}
