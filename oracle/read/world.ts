// L: puts the lines of an attempt together. The world says everything once, so a second line of a kind is a contradiction.
import type { LedgerLine } from '../../contract/logs.ts'
import type { Attempt, Contradiction, Log } from '../evidence.ts'
import type { TakeLine } from './jsonl.ts'
import type { Runs } from './runs.ts'

export interface WorldReading {
  readonly take: TakeLine<LedgerLine>
  readonly contradictions: Contradiction[]
  /** Nonces that the world gave: how many, and the largest. It counts them from 1, so these are equal unless one is lost. */
  readonly nonces: { given: number; largest: number }
}

export function readingWorld(runs: Runs): WorldReading {
  const attempts = new Map<string, Attempt>()
  const reading: WorldReading = { take, contradictions: [], nonces: { given: 0, largest: 0 } }
  const found = { attempt: 0, applied: 0, replied: 0 }
  const contradict = (summary: string, a: string, n: number, missing: readonly Log[]): undefined => {
    // The world names an attempt `<workflow>/<seq>#<ordinal>`.
    reading.contradictions.push({ summary, workflowId: /^(.+)\/\d+#\d+$/.exec(a)?.[1] ?? null, lines: [`world.jsonl#${n}`], missing })
  }

  function take(line: LedgerLine): number | undefined {
    if (line.k === 'end') return end(line)
    if (line.k !== 'attempt' && line.k !== 'applied' && line.k !== 'replied') throw new Error(`unknown kind ${JSON.stringify((line as { k: unknown }).k)}`)
    found[line.k]++
    if (line.k === 'attempt') return begin(line)
    const attempt = attempts.get(line.a)
    if (line.k === 'replied' && line.nonce !== undefined) {
      reading.nonces.given++
      reading.nonces.largest = Math.max(reading.nonces.largest, line.nonce)
    }
    if (attempt === undefined) return contradict(line.k === 'applied' ? 'an effect without an attempt' : 'an answer without an attempt', line.a, line.n, ['world'])
    if (line.k === 'applied') {
      attempt.applied.push({ n: line.n, atMs: line.t, effect: line.effect, cents: line.cents ?? null, micros: line.micros ?? null })
      return
    }
    if (attempt.reply !== null) return contradict('an attempt was answered twice', line.a, line.n, [])
    attempt.reply = { n: line.n, atMs: line.t, status: line.status, nonce: line.nonce ?? null, effect: line.effect ?? null, hung: line.hung === true }
  }

  function begin(line: Extract<LedgerLine, { k: 'attempt' }>): undefined {
    if (!Array.isArray(line.prev)) throw new Error('an attempt without prev')
    if (attempts.has(line.a)) return contradict('an attempt is there twice', line.a, line.n, [])
    const attempt: Attempt = {
      a: line.a, n: line.n, atMs: line.t, source: line.src, seq: line.seq, step: line.step, key: line.key, inputHash: line.ih, prev: line.prev,
      applied: [], reply: null,
    }
    attempts.set(line.a, attempt)
    runs.of(line.wf).attempts.push(attempt)
  }

  function end({ n, lines, counts }: Extract<LedgerLine, { k: 'end' }>): number {
    for (const kind of ['attempt', 'applied', 'replied'] as const) {
      const counted = counts?.[kind] ?? found[kind]
      if (counted !== found[kind]) {
        const summary = `the ledger counted ${counted} lines '${kind}', ${found[kind]} are there`
        reading.contradictions.push({ summary, workflowId: null, lines: [`world.jsonl#${n}`], missing: found[kind] < counted ? ['world'] : [] })
      }
    }
    return lines
  }

  return reading
}
