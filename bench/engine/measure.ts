// Measures a row: both sides in pairs in the order that the schedule draws, what stands beside them in every second pair, and a
// verdict. A row that fails is a row that says so; the others go on.
import type { Comparison } from '../compare/ratio.ts'
import { runPaired } from '../compare/run.ts'
import type { Place } from './place.ts'
import type { Cpu, Row, Sample, Side } from './row.ts'
import { judge, type Target, type Verdict } from './verdict.ts'

export interface Figure {
  readonly label: string
  readonly unit: string
  /** In the order of measuring. */
  readonly values: readonly number[]
  readonly cpu: readonly Cpu[]
  readonly notes: readonly string[]
}

export interface RowResult {
  readonly name: string
  readonly about: string
  readonly target: Target | null
  readonly state: 'measured' | 'unavailable' | 'broken'
  /** Of a row that was not measured. */
  readonly why: string
  readonly comparison: Comparison | null
  readonly verdict: Verdict | 'shown' | null
  readonly figures: readonly Figure[]
  readonly doubts: readonly string[]
}

export async function measureRow(row: Row, place: Place): Promise<RowResult> {
  try {
    return await measured(row, place)
  } catch (error) {
    return { ...named(row), state: 'broken', why: error instanceof Error ? error.message : String(error) }
  }
}

async function measured(row: Row, place: Place): Promise<RowResult> {
  const prepared = await row.prepare(place)
  if ('state' in prepared) return { ...named(row), ...prepared }
  const { a, b, beside = [] } = prepared
  const samples = new Map<Side, Sample[]>([a, b, ...beside].map((side) => [side, []]))
  const { pairs, seed } = place.timing
  const take = async (side: Side): Promise<number> => {
    const sample = await side.measure()
    samples.get(side)!.push(sample)
    return sample.value
  }
  const { ratio, low, high, ...comparison } = await runPaired({
    a: () => take(a),
    b: async () => {
      const value = await take(b)
      if (samples.get(b)!.length % 2 === 1) for (const side of beside) await take(side)
      return value
    },
    pairs, seed,
    onPair: (pair, sofar) => place.tell(`  ${row.name}, pair ${sofar.pairs}: ${round(pair.b)} ÷ ${round(pair.a)}; so far ${round(sofar.ratio)} [${round(sofar.low)} … ${round(sofar.high)}]`),
  })
  const doubts = [...new Set([a, b].flatMap((side) => samples.get(side)!.flatMap((sample) => sample.doubts ?? [])))]
  return {
    ...named(row),
    state: 'measured',
    comparison: { ratio, low, high, ...comparison },
    verdict: row.target === null ? 'shown' : judge({ low, high, pairs }, row.target, doubts),
    figures: [b, a, ...beside].map((side) => figure(side, samples.get(side)!)),
    doubts,
  }
}

function named({ name, about, target }: Row): Omit<RowResult, 'state'> {
  return { name, about, target, why: '', comparison: null, verdict: null, figures: [], doubts: [] }
}

function figure({ label, unit }: Side, samples: readonly Sample[]): Figure {
  return {
    label, unit,
    values: samples.map(({ value }) => value),
    cpu: samples.flatMap(({ cpu }) => (cpu === undefined ? [] : [cpu])),
    notes: samples.at(-1)?.notes ?? [],
  }
}

/** Three digits that matter, without an exponent. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return '∞'
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
