// Invariant 6. A signal that an engine accepted is seen by its run exactly once, whenever it came: before the wait, during
// it, or while no worker lived. One that was accepted as the wait timed out, or after that, proves nothing: `races` looks at those.
import { earliestTimeOutMs } from '../clock-steps.ts'
import { journalKinds, type Evidence, type Run, type SignalCall } from '../evidence.ts'
import { traceOf } from '../path.ts'
import { noticeMs } from '../troubles.ts'
import { walk, type Position } from '../walk.ts'
import { Tally, type Invariant } from './invariant.ts'

export const signals: Invariant = {
  name: 'signals',
  title: 'An accepted signal is seen exactly once',
  holds: 'Each acknowledged signal is consumed exactly once by the run it was sent to, unless its wait was about to time out or had done so; a rejected or unsent one never.',
  exposure: 'Acknowledged signals that a wait consumed, or had to consume.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    for (const run of evidence.runs) {
      twiceInJournal(evidence, run, tally)
      const trace = traceOf(run)
      if (trace === null) continue
      const waits = run.signals.length > 0 || trace.some((entry) => typeof entry === 'object' && 'wait' in entry)
      if (waits) checkRun(evidence, run, walk(evidence, run, trace).positions.filter(isWait), tally)
    }
    return tally
  },
}

type Wait = Position & { readonly entry: { readonly wait: string; readonly signalId: string | null; readonly timeoutMs: number | null } }
const isWait = (position: Position): position is Wait => typeof position.entry === 'object' && 'wait' in position.entry

function checkRun(evidence: Evidence, run: Run, waits: readonly Wait[], tally: Tally): void {
  const consumed = Map.groupBy(waits.filter(({ entry }) => entry.signalId !== null), ({ entry }) => entry.signalId!)
  const sent = Map.groupBy(run.signals, (call) => call.signalId)
  const outcome = `history.jsonl#${run.seen.find((seen) => seen.outcome.status === 'completed')!.n}`
  for (const [signalId, by] of consumed) {
    const about = { workflowId: run.id, seq: by.at(-1)!.seq, lines: [outcome] }
    const calls = sent.get(signalId)
    if (by.length > 1) tally.violate({ ...about, summary: 'a signal was consumed twice', missing: [] })
    if (calls === undefined) tally.violate({ ...about, summary: 'a signal was consumed that nobody sent', missing: ['history'] })
    else if (calls.every((call) => call.answer === 'fail')) tally.violate({ ...about, summary: 'a rejected signal was consumed', lines: [outcome, answerOf(calls[0]!)], missing: ['history'] })
    else if (calls[0]!.name !== by[0]!.entry.wait) tally.violate({ ...about, summary: `a wait for '${by[0]!.entry.wait}' consumed a signal '${calls[0]!.name}'`, missing: [] })
  }
  for (const [signalId, calls] of sent) {
    const accepted = calls.filter((call) => call.answer === 'ok').sort((a, b) => a.answeredMs - b.answeredMs)[0]
    if (accepted === undefined) continue
    const by = consumed.get(signalId)?.[0]
    const missed = waits.find(({ entry, floorMs }) => entry.wait === accepted.name && entry.signalId === null && accepted.answeredMs < earliestTimeOutMs(evidence, floorMs, entry.timeoutMs ?? 0) - noticeMs(evidence))
    if (by === undefined && missed === undefined) {
      tally.count('lateSignals')
      continue
    }
    tally.exposures++
    classify(evidence, accepted, (by ?? missed)!, tally)
    if (by !== undefined) continue
    tally.violate({
      summary: 'an accepted signal was not seen by a wait that timed out after it', workflowId: run.id, seq: missed!.seq,
      lines: [answerOf(accepted), outcome], missing: [],
    })
  }
}

function classify({ lives }: Evidence, { invokedMs, answeredMs }: SignalCall, { floorMs }: Wait, tally: Tally): void {
  tally.count(answeredMs < floorMs ? 'earlySignals' : 'duringSignals')
  const workers = lives.filter(({ role }) => role === 'worker')
  const alive = workers.some(({ spawnedMs, exitedMs }) => spawnedMs <= answeredMs && (exitedMs === null || exitedMs >= invokedMs))
  if (workers.length > 0 && !alive) tally.count('signalsWithoutWorker')
}

const answerOf = (call: SignalCall): string => `history.jsonl#${call.answerN}`
const signalKind = journalKinds.indexOf('signal')

function twiceInJournal({ journal }: Evidence, run: Run, tally: Tally): void {
  if (journal.signalIds.size === 0) return
  const first = new Map<string, number>()
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    const signalId = journal.signalIds.get(journal.line[row]!)
    if (journal.kind[row] !== signalKind || signalId === undefined) continue
    const before = first.get(signalId)
    if (before === undefined) first.set(signalId, journal.line[row]!)
    else tally.violate({ summary: 'the journal holds a signal twice', workflowId: run.id, seq: journal.seq[row]!, lines: [`journal.jsonl:${before}`, `journal.jsonl:${journal.line[row]!}`], missing: [] })
  }
}
