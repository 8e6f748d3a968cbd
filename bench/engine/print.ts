// The table as people read it: a line a row, and below it the absolute figures, the CPU that they took and whatever is in doubt.
import { availability } from '../../services/index.ts'
import { fingerprint, gitRevision } from '../fingerprint.ts'
import { round, type Figure, type RowResult } from './measure.ts'
import type { Timing } from './place.ts'
import type { Cpu } from './row.ts'
import { describeTarget } from './verdict.ts'

/** Figures are of this machine; ratios travel further. */
export async function machineLine({ pairs, seconds, seed }: Timing): Promise<string> {
  const machine = fingerprint() as Readonly<Record<string, string | number>>
  const postgres = await availability('postgres', {})
  const git = gitRevision()
  const revision = git === null ? 'no git' : `${git.revision.slice(0, 7)}${git.dirty ? ' with changes' : ''}`
  return `${machine['cores']} × ${machine['cpu']}, ${machine['memoryGb']} GB, ${machine['platform']} ${machine['kernel']}, Node ${machine['node']}, ${postgres.ok ? postgres.provider : 'no Postgres'}; ${revision}; ${pairs} pairs of ${seconds} s, seed ${seed}`
}

export function rowLines(row: RowResult): string[] {
  const { name, about, state, why, comparison, verdict, target, figures, doubts } = row
  if (state !== 'measured') return [`${name}: ${state === 'broken' ? 'BROKEN' : state}: ${why}`, `    ${about}`]
  const { ratio, low, high } = comparison!
  const judged = target === null ? 'shown, not judged' : `target ${describeTarget(target)}: ${verdict}`
  return [
    `${name}: ${round(ratio)} [${round(low)} … ${round(high)}]  ${judged}`,
    `    ${about}`,
    ...figures.flatMap(figureLines),
    ...doubts.map((doubt) => `    in doubt: ${doubt}`),
  ]
}

function figureLines({ label, unit, values, cpu, notes }: Figure): string[] {
  if (values.length === 0) return []
  const spread = values.length === 1 ? '' : ` (${round(Math.min(...values))} … ${round(Math.max(...values))})`
  return [
    `    ${label}: ${round(median(values))} ${unit}${spread}`,
    ...(cpu.length === 0 ? [] : [`      cores taken: ${cores(cpu, 'store')} by Postgres, ${cores(cpu, 'workers')} by workers, ${cores(cpu, 'load')} by the load process`]),
    ...notes.map((note) => `      ${note}`),
  ]
}

function cores(samples: readonly Cpu[], of: keyof Cpu): string {
  const known = samples.map((cpu) => cpu[of]).filter((share) => share !== null)
  return known.length === 0 ? 'unknown' : median(known).toFixed(2)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
