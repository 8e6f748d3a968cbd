// One log says what the others do not: for each log that an invariant reads, an illegal change of that log alone which it must notice.
// Those that the other files of this folder have are not repeated here.
import type { Json } from '../../contract/json.ts'
import type { HistoryLine, JournalEntry, LedgerLine, TraceEntry } from '../../contract/logs.ts'
import { causeOf } from '../causes.ts'
import { renumbered, type Logs } from '../logs.ts'
import { firstTerminal, outputOf, traceOf, winningNonces } from '../path.ts'
import { said } from '../said.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { copyOfAttempt, freshNonce, laterAttempt, repeatedByZombie, wasPaused } from './copies.ts'
import { withOutcomes, withTrace, type Corruption, type Sample } from './corruption.ts'

const longMs = 10_000_000

export const witnessCorruptions: readonly Corruption[] = [
  {
    name: 'the ledger tells of a run that nobody started', log: 'L', invariant: 'admission',
    apply: ({ logs, run }) => {
      const last = run.attempts.at(-1)
      return last === undefined ? null : { ...logs, world: logs.world.map((line): LedgerLine => (line.k === 'attempt' && line.a === last.a ? { ...line, wf: stranger(run.id) } : line)) }
    },
  },
  {
    name: 'the journal tells of a run that nobody started', log: 'J', invariant: 'admission',
    apply: ({ logs, run }) => withEntry(logs, ({ workflowId }) => workflowId === run.id, (entry) => [{ ...entry, workflowId: stranger(run.id) }]),
  },
  {
    name: 'the outcome was seen before its last step began', log: 'H', invariant: 'claimed',
    apply: (sample) => {
      const last = path(sample).at(-1)
      if (traceOf(sample.run) === null || last?.world == null || wasPaused(sample, last.source, last.atMs)) return null
      return { ...sample.logs, history: sample.logs.history.map((line): HistoryLine => (line.ph === 'seen' ? { ...line, t: last.atMs - 1 } : line)) }
    },
  },
  {
    name: 'a step was given a reply that nobody gave', log: 'L', invariant: 'stability',
    apply: (sample) => {
      const won = traceOf(sample.run) === null ? undefined : path(sample).at(-1)?.world
      return won == null ? null : { ...sample.logs, world: sample.logs.world.map((line): LedgerLine => (line.k === 'attempt' && line.a === won.a ? { ...line, prev: [freshNonce] } : line)) }
    },
  },
  {
    name: 'the outcome tells of two steps the other way round', log: 'H', invariant: 'order',
    apply: (sample) => {
      const [first, second] = traceOf(sample.run) === null ? [] : inTurn(sample)
      return first === undefined || second === undefined ? null : withTrace(sample.logs, (trace) => trace.map((entry) => swapped<TraceEntry>(entry, first.nonce!, second.nonce!)))
    },
  },
  {
    name: 'the journal tells of two steps the other way round', log: 'J', invariant: 'order',
    apply: (sample) => {
      const [first, second] = traceOf(sample.run) === null ? inTurn(sample) : []
      if (first === undefined || second === undefined) return null
      return { ...sample.logs, journal: sample.logs.journal.map((entry) => (entry.nonce === undefined ? entry : { ...entry, nonce: swapped(entry.nonce, first.nonce!, second.nonce!) })) }
    },
  },
  {
    name: 'the journal holds a signal twice', log: 'J', invariant: 'signals',
    apply: ({ logs, run }) => withEntry(logs, ({ workflowId, kind, signalId }) => workflowId === run.id && kind === 'signal' && signalId !== undefined, (entry) => [entry, { ...entry, seq: entry.seq + 1 }]),
  },
  {
    name: 'the outcome tells of a longer timer', log: 'H', invariant: 'timers',
    apply: ({ logs, run }) => {
      const at = (traceOf(run) ?? []).findIndex((entry) => typeof entry === 'object' && ('timer' in entry || ('wait' in entry && entry.signalId === null && entry.timeoutMs !== null)))
      return at < 0 ? null : withTrace(logs, (trace) => trace.with(at, longer(trace[at]!)))
    },
  },
  {
    name: 'the ledger gave the recorded reply to a superseded worker', log: 'L', invariant: 'fencing',
    apply: (sample) => {
      const repeated = repeatedByZombie(sample)
      return repeated === null ? null : { ...sample.logs, world: repeated.world.map((line): LedgerLine => (line.k === 'replied' && line.nonce !== undefined ? { ...line, nonce: swapped(line.nonce, repeated.winning, freshNonce) } : line)) }
    },
  },
  {
    name: 'a step was attempted after the end was seen', log: 'L', invariant: 'finality',
    apply: (sample) => {
      const end = firstTerminal(sample.run)
      const attempt = end && sample.run.attempts.find(({ source }) => !wasPaused(sample, source, end.atMs + 1))
      return attempt === undefined || end === undefined ? null : { ...sample.logs, world: laterAttempt(sample.logs.world, { ...attempt, seq: attempt.seq + 1_000 }, end.atMs + 1) }
    },
  },
  {
    name: 'the ledger tells of a second run of an id', log: 'L', invariant: 'start-dedup',
    apply: ({ logs, evidence, run }) => {
      const { all, bySeq } = stepsOf(evidence, run)
      const last = all[0] && bySeq.get(all[0].seq)?.at(-1)
      if (last?.world == null || run.starts.filter(({ answer }) => answer !== 'fail').length < 2) return null
      const world = renumbered(copyOfAttempt(logs.world, last.world, { source: last.source, nonce: freshNonce }))
      return causeOf(evidence, run, last, { ...last, atMs: world.at(-1)!.t }) === null ? { ...logs, world } : null
    },
  },
  {
    name: 'the outcome tells of another sum', log: 'H', invariant: 'conservation',
    apply: ({ logs, evidence, run }) => {
      const scenario = evidence.scenarios.get(run.scenario)
      const value = outputOf(run)?.value
      const sum = value === undefined ? null : (scenario?.keptCents(value) ?? null)
      if (sum === null) return null
      const more = (name: string): Json => ({ ...(value as Readonly<Record<string, Json>>), [name]: sum + 1 })
      const tells = (key: string): boolean => {
        const kept = said(() => scenario?.keptCents(more(key)))
        return 'ok' in kept && kept.ok === sum + 1
      }
      const name = Object.keys(value as object).find(tells)
      return name === undefined ? null : withOutcomes(logs, (outcome) => (outcome.status === 'completed' ? { status: 'completed', output: { ...(outcome.output as Readonly<Record<string, Json>>), value: more(name) } } : outcome))
    },
  },
  {
    name: 'a line of the history is missing', log: 'H', invariant: 'evidence',
    apply: ({ logs }) => ({ ...logs, history: logs.history.filter((_, i) => i !== 1) }),
  },
]

/** An id of this run's kind that load never gave. */
const stranger = (id: string): string => `${id.slice(0, id.lastIndexOf('-') + 1)}none`

function withEntry(logs: Logs, is: (entry: JournalEntry) => boolean, change: (entry: JournalEntry) => readonly JournalEntry[]): Logs | null {
  const at = logs.journal.findIndex(is)
  return at < 0 ? null : { ...logs, journal: logs.journal.flatMap((entry, i) => (i === at ? change(entry) : [entry])) }
}

/** The winning attempts, in the order of their numbers. */
function path({ evidence, run }: Sample): StepAttempt[] {
  const { byNonce } = stepsOf(evidence, run)
  return [...winningNonces(evidence, run).values()].flatMap((nonce) => byNonce.get(nonce) ?? [])
}

/** Two that follow each other, the second of which was given the first one's reply. */
function inTurn(sample: Sample): StepAttempt[] {
  const found = path(sample)
  const at = found.findIndex((attempt, i) => i > 0 && attempt.world !== null && found[i - 1]!.world !== null && attempt.prev.includes(found[i - 1]!.nonce!))
  return at < 0 ? [] : found.slice(at - 1, at + 1)
}

const swapped = <T>(found: T, a: T, b: T): T => (found === a ? b : found === b ? a : found)

function longer(entry: TraceEntry): TraceEntry {
  if (typeof entry === 'object' && 'timer' in entry) return { timer: entry.timer + longMs }
  return typeof entry === 'object' && 'wait' in entry ? { ...entry, timeoutMs: longMs } : entry
}
