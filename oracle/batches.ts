// What a step's `prev` should have been, given the trace. A step follows all of the batch before it (one step, or the
// branches of one `all`) and the signals since; branches share theirs. The trace doesn't say where batches begin, so
// several readings are followed at once, and one that an attempt contradicts is dropped. Mirrors worker/context.ts.
import type { Token, TraceEntry } from '../contract/logs.ts'

/** What is known of an attempt's prev; `whole` is false for bare records, which hold only the last token, if it is a nonce. */
export interface Observed {
  readonly tokens: readonly Token[]
  readonly whole: boolean
}

interface Reading {
  /** Tokens since the current batch began, its own included. */
  readonly tokens: readonly Token[]
  /** What the branches of the current batch have as prev; null: no branch can join it any more. */
  readonly shared: readonly Token[] | null
}

/** More readings than this are cut: it would take as many unobserved operations in a row. */
const readingsCap = 64

/** The first seq whose observed prev fits no reading of the trace before it, with what was expected; null: all fit. */
export function misfit(workflowId: string, trace: readonly TraceEntry[], observe: (seq: number) => Observed | null): { seq: number; expected: readonly Token[] } | null {
  let readings: Reading[] = [{ tokens: [], shared: null }]
  for (let i = 0; i < trace.length; i++) {
    const entry = trace[i]!
    const seq = i + 1
    if (typeof entry === 'object' && ('timer' in entry || 'renewed' in entry)) {
      readings = readings.map(({ tokens }) => ({ tokens, shared: null }))
      continue
    }
    if (typeof entry === 'object' && 'wait' in entry) {
      readings = readings.map(({ tokens }) => ({ tokens: entry.signalId === null ? tokens : [...tokens, `signal:${entry.signalId}`], shared: null }))
      continue
    }
    const observed = observe(seq)
    const fitting: Reading[] = []
    for (const own of tokensOf(workflowId, seq, entry, observed === null)) {
      for (const { tokens, shared } of readings) {
        if (observed === null || fits(observed, tokens)) fitting.push({ tokens: own, shared: tokens })
        if (shared !== null && (observed === null || fits(observed, shared))) fitting.push({ tokens: [...tokens, ...own], shared })
      }
    }
    if (fitting.length === 0) return { seq, expected: readings[0]!.tokens }
    readings = fitting.slice(0, readingsCap)
  }
  return null
}

/** What later steps carry of this one. A failure leaves nothing, unless it was a child's, which the world does not see. */
function tokensOf(workflowId: string, seq: number, entry: TraceEntry, unseen: boolean): (readonly Token[])[] {
  if (typeof entry === 'number') return [[entry]]
  if ('child' in entry) return [[`child:${entry.child}`]]
  if ('rows' in entry) return [[`rows:${workflowId}/${seq}`]]
  return unseen ? [[], [`child:${workflowId}/${seq}`]] : [[]]
}

function fits({ tokens, whole }: Observed, expected: readonly Token[]): boolean {
  if (whole) return tokens.length === expected.length && tokens.every((token, i) => token === expected[i])
  const last = expected.at(-1)
  return (tokens[0] ?? 0) === (typeof last === 'number' ? last : 0)
}
