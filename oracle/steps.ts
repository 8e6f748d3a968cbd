// A run's attempts as one list, whether the world saw them or a bare ledger: what invariants look at when a run is not plain.
import type { Token } from '../contract/logs.ts'
import type { Attempt, Evidence, Run } from './evidence.ts'

export interface StepAttempt {
  readonly seq: number
  readonly atMs: number
  readonly source: string
  /** Where it is written: `<file>#<n>`. */
  readonly line: string
  /** Position within its file: exact where times are not. */
  readonly n: number
  /** null: a bare step, whose record means that its body returned. */
  readonly world: Attempt | null
  /** All tokens that the world was given; a bare record has the last nonce among them, or nothing. */
  readonly prev: readonly Token[]
  readonly nonce: number | null
  readonly repliedMs: number | null
}

export interface Steps {
  /** In the order of time. */
  readonly all: readonly StepAttempt[]
  readonly bySeq: ReadonlyMap<number, readonly StepAttempt[]>
  readonly byNonce: ReadonlyMap<number, StepAttempt>
}

const known = new WeakMap<Run, Steps>()

/** The attempts of a run; remembered, since most invariants ask. */
export function stepsOf(evidence: Evidence, run: Run): Steps {
  let steps = known.get(run)
  if (steps === undefined) known.set(run, (steps = collect(evidence, run)))
  return steps
}

function collect({ bare }: Evidence, run: Run): Steps {
  const all: StepAttempt[] = run.attempts.map((attempt) => ({
    seq: attempt.seq, atMs: attempt.atMs, source: attempt.source, line: `world.jsonl#${attempt.n}`, n: attempt.n, world: attempt,
    prev: attempt.prev, nonce: attempt.reply?.nonce ?? null, repliedMs: attempt.reply?.atMs ?? null,
  }))
  for (let row = bare.offsets[run.index]!; row < bare.offsets[run.index + 1]!; row++) {
    const prev = bare.prev[row]!
    const atMs = bare.atMs[row]!
    const file = bare.file[row]!
    all.push({
      seq: bare.seq[row]!, atMs, source: bare.sources[file]!, line: `${bare.files[file]!}#${bare.n[row]!}`, n: bare.n[row]!, world: null,
      prev: prev === 0 ? [] : [prev], nonce: bare.nonce[row]!, repliedMs: atMs,
    })
  }
  all.sort((a, b) => a.atMs - b.atMs || a.n - b.n)
  const bySeq = new Map<number, StepAttempt[]>()
  const byNonce = new Map<number, StepAttempt>()
  for (const attempt of all) {
    const same = bySeq.get(attempt.seq)
    if (same === undefined) bySeq.set(attempt.seq, [attempt])
    else same.push(attempt)
    if (attempt.nonce !== null) byNonce.set(attempt.nonce, attempt)
  }
  return { all, bySeq, byNonce }
}
