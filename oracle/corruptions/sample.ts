// One run of a point with its children, back as the lines of its logs: small enough to corrupt and judge again at no cost.
// Faults stay all.
// Nonces are given anew without gaps, since those of the runs left out would look lost.
import type { FaultLine, HistoryLine, JournalEntry, LedgerLine, TableLine, Token, TraceEntry } from '../../contract/logs.ts'
import type { Outcome } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import { journalKinds, type Evidence, type Run } from '../evidence.ts'
import { familyOf } from '../families.ts'
import { renumbered, type BareRecord, type Logs } from '../logs.ts'
import { outputIn } from '../path.ts'

/** The logs of one run that a client started, as if the point had had no other. */
export function sampleOf(evidence: Evidence, run: Run): Logs {
  const family = familyOf(evidence, run)
  const rename = renaming(evidence, run, family)
  return {
    context: evidence.context,
    history: historyOf(evidence, run, rename),
    world: worldOf(family, rename),
    bare: bareOf(evidence, run, rename),
    journal: family.flatMap((member) => journalOf(evidence, member, rename)),
    faults: faultsOf(evidence),
    table: tableOf(evidence, run),
  }
}

type Rename = (nonce: number) => number

/** Children have no bare steps: their records would not tell whose they are. */
function renaming({ bare }: Evidence, run: Run, family: readonly Run[]): Rename {
  const names = new Map<number, number>()
  const given = family.flatMap(({ attempts }) => attempts).flatMap((attempt) => attempt.reply?.nonce ?? []).sort((a, b) => a - b)
  given.forEach((nonce, i) => names.set(nonce, i + 1))
  const perFile = new Map<number, number[]>()
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) {
    const nonces = perFile.get(bare.file[row]!) ?? []
    perFile.set(bare.file[row]!, [...nonces, bare.nonce[row]!])
  }
  for (const nonces of perFile.values()) nonces.sort((a, b) => a - b).forEach((nonce, i) => names.set(nonce, nonces[0]! + i))
  return (nonce) => names.get(nonce) ?? nonce
}

function historyOf(evidence: Evidence, run: Run, rename: Rename): HistoryLine[] {
  const lines: HistoryLine[] = []
  const { id, scenario } = run
  for (const call of run.starts) {
    lines.push({ t: call.invokedMs, n: call.n, ph: 'invoke', op: 'start', id, scenario, input: null, app: call.app, intended: call.intendedMs, phase: call.phase })
    if (call.answer === 'ok') lines.push({ t: call.answeredMs, n: call.answerN, ph: 'ok', call: call.n, op: 'start', id, how: call.how ?? 'started' })
    else if (call.answer !== null) lines.push({ t: call.answeredMs, n: call.answerN, ph: call.answer, call: call.n, op: 'start', id, error: '' })
  }
  for (const call of run.signals) {
    lines.push({ t: call.invokedMs, n: call.n, ph: 'invoke', op: 'signal', id, signalId: call.signalId, name: call.name, app: call.app })
    if (call.answer === 'ok') lines.push({ t: call.answeredMs, n: call.answerN, ph: 'ok', call: call.n, op: 'signal', id })
    else if (call.answer !== null) lines.push({ t: call.answeredMs, n: call.answerN, ph: call.answer, call: call.n, op: 'signal', id, error: '' })
  }
  for (const call of run.cancels) {
    lines.push({ t: call.invokedMs, n: call.n, ph: 'invoke', op: 'cancel', id, app: call.app })
    if (call.answer === 'ok') lines.push({ t: call.answeredMs, n: call.answerN, ph: 'ok', call: call.n, op: 'cancel', id })
    else if (call.answer !== null) lines.push({ t: call.answeredMs, n: call.answerN, ph: call.answer, call: call.n, op: 'cancel', id, error: '' })
  }
  for (const seen of run.seen) {
    const output = outputIn(seen)
    const outcome: Outcome = output === null ? seen.outcome : { status: 'completed', output: { ...output, trace: output.trace.map((entry) => renamed(entry, rename)) as readonly TraceEntry[] as Json } }
    lines.push({ t: seen.atMs, n: seen.n, ph: 'seen', id, reader: seen.reader, outcome })
  }
  lines.sort((a, b) => a.n - b.n)
  const numbers = new Map(lines.map((line, i) => [line.n, i + 1]))
  const linked = lines.map((line) => ('call' in line ? { ...line, call: numbers.get(line.call) ?? 0 } : line))
  return renumbered([...linked, { t: evidence.observedUntilMs, n: 0, ph: 'end', lines: 0 }])
}

function renamed(entry: TraceEntry, rename: Rename): TraceEntry {
  if (typeof entry === 'number') return rename(entry)
  return 'child' in entry && entry.last !== undefined ? { ...entry, last: rename(entry.last) } : entry
}

function worldOf(family: readonly Run[], rename: Rename): LedgerLine[] {
  const lines: LedgerLine[] = []
  const token = (token: Token): Token => (typeof token === 'number' ? rename(token) : token)
  const all = family.flatMap((run) => run.attempts.map((attempt) => ({ ...attempt, wf: run.id })))
  for (const { a, n, atMs, source, wf, seq, step, key, inputHash, prev, applied, reply } of all) {
    lines.push({ n, t: atMs, k: 'attempt', a, src: source, wf, seq, step, key, ih: inputHash, prev: prev.map(token) })
    for (const { n, atMs, effect, cents, micros } of applied) {
      lines.push({ n, t: atMs, k: 'applied', a, effect, ...(cents === null ? {} : { cents }), ...(micros === null ? {} : { micros }) })
    }
    if (reply === null) continue
    const { nonce, effect } = reply
    lines.push({
      n: reply.n, t: reply.atMs, k: 'replied', a, status: reply.status,
      ...(nonce === null ? {} : { nonce: rename(nonce) }), ...(effect === null ? {} : { effect }), ...(reply.hung ? { hung: true as const } : {}),
    })
  }
  lines.sort((a, b) => a.n - b.n)
  return renumbered([...lines, { n: 0, t: (lines.at(-1)?.t ?? 0) + 1, k: 'end', lines: 0 }])
}

function bareOf({ bare }: Evidence, run: Run, rename: Rename): Logs['bare'] {
  const files = new Map<number, number[]>()
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) files.set(bare.file[row]!, [...(files.get(bare.file[row]!) ?? []), row])
  return [...files].map(([file, rows]) => {
    rows.sort((a, b) => bare.n[a]! - bare.n[b]!)
    const records = rows.flatMap((row): BareRecord[] => [
      { n: 0, kind: 'tick', t: bare.atMs[row]! },
      { n: 0, kind: 'step', workflow: Number(run.id.slice(run.id.lastIndexOf('-') + 1)), seq: bare.seq[row]!, nonce: rename(bare.nonce[row]!), prev: rename(bare.prev[row]!) },
    ])
    return { source: bare.sources[file]!, records: renumbered([...records, { n: 0, kind: 'end', count: 0 }]) }
  })
}

function journalOf({ journal }: Evidence, run: Run, rename: Rename): JournalEntry[] {
  const entries: JournalEntry[] = []
  for (let row = journal.offsets[run.index]!; row < journal.offsets[run.index + 1]!; row++) {
    const line = journal.line[row]!
    const effectId = journal.effectIds.get(line)
    const signalId = journal.signalIds.get(line)
    entries.push({
      workflowId: run.id, kind: journalKinds[journal.kind[row]!]!, seq: journal.seq[row]!,
      ...(journal.nonce[row] === 0 ? {} : { nonce: rename(journal.nonce[row]!) }),
      ...(journal.inputHash[row] === -1 ? {} : { inputHash: journal.inputHash[row]! }),
      ...(effectId === undefined ? {} : { effectId }), ...(signalId === undefined ? {} : { signalId }),
    })
  }
  return entries
}

function tableOf({ booked }: Evidence, run: Run): TableLine[] {
  const lines = [...(booked?.get(run.id) ?? [])].flatMap(([key, found]) => found.map(() => ({ workflowId: run.id, key })))
  return booked === null ? [] : [...lines, { rows: lines.length }]
}

function faultsOf({ lives, faults, operators, standstills }: Evidence): FaultLine[] {
  const lines: FaultLine[] = []
  for (const { role, slot, incarnation, spawnedMs, readyMs, exitedMs, code, signal, expected } of lives) {
    const about = { n: 0, role, slot, incarnation }
    lines.push({ ...about, t: spawnedMs, k: 'spawned', pid: 0 })
    if (readyMs !== null) lines.push({ ...about, t: readyMs, k: 'ready', pid: 0 })
    if (exitedMs !== null) lines.push({ ...about, t: exitedMs, k: 'exited', code, signal, expected })
  }
  for (const event of faults) {
    const about = {
      n: 0, k: 'fault' as const, fault: event.fault, kind: event.kind, role: event.role,
      ...(event.slot === null ? {} : { slot: event.slot }), ...(event.incarnation === null ? {} : { incarnation: event.incarnation }),
    }
    if (event.appliedMs !== null) lines.push({ ...about, t: event.appliedMs, phase: 'applied' })
    if (event.provedMs !== null) lines.push({ ...about, t: event.provedMs, phase: 'proved' })
    if (event.healedMs !== null) lines.push({ ...about, t: event.healedMs, phase: 'healed' })
    if (event.skipped) lines.push({ ...about, t: event.appliedMs ?? 0, phase: 'skipped' })
  }
  for (const { atMs, incarnation } of operators) lines.push({ n: 0, t: atMs, k: 'operator', lost: [], ...(incarnation === null ? {} : { incarnation }) })
  for (const standstill of standstills) lines.push({ n: 0, t: standstill.untilMs, k: 'stood-still', ...standstill })
  lines.sort((a, b) => a.t - b.t)
  return renumbered([...lines, { n: 0, t: (lines.at(-1)?.t ?? 0) + 1, k: 'end', lines: 0 }])
}
