// Plays a point through the whole harness (load process, workers with ledger, oracle) on a fresh store, and gives back only what
// the oracle let stand: a figure of an engine that lost or doubled something is no figure. Logs are gigabytes, and go once judged.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '../../contract/driver.ts'
import type { FaultLine } from '../../contract/logs.ts'
import type { Point } from '../../contract/plan.ts'
import type { PhaseResult } from '../../contract/result.ts'
import { loadDriver } from '../../drivers/index.ts'
import type { PhaseReport } from '../../load/protocol.ts'
import { checkPoint } from '../../oracle/check.ts'
import type { Evidence } from '../../oracle/evidence.ts'
import { createPointFolder } from '../folder.ts'
import { measurePhases } from '../measure/phases.ts'
import { playPoint } from '../point.ts'
import { cpuSeconds } from '../surface.ts'
import type { Place, StoreSettings } from './place.ts'
import type { Cpu } from './row.ts'

export interface Played {
  readonly phase: PhaseResult
  readonly report: PhaseReport
  readonly evidence: Evidence
  readonly cpu: Cpu
  readonly doubts: readonly string[]
}

/** What a profile adds to a play. */
export interface Watching {
  readonly settings: StoreSettings
  /** For the store's log. */
  readonly logs: string
  wrap(driver: Driver): Driver
  begin(url: string): void
  end(): Promise<void>
}

/** @throws when an invariant is violated, or the harness or the engine broke */
export async function play(place: Place, point: Point, settings: StoreSettings = {}, watching?: Watching): Promise<Played> {
  await using store = await place.store({ ...settings, ...watching?.settings }, watching?.logs)
  const folder = createPointFolder(place.folder('point'), point.id)
  const driver = await loadDriver(point.driver)
  const clocks: Clock[] = []
  let watched: Promise<void> | undefined
  const { phases: reports, bugs } = await keepingLogs(folder, () => playPoint({
    seed: place.timing.seed, minExposures: 1, point, driver: watching?.wrap(driver) ?? driver, folder, guard: place.guard,
    addresses: { postgres: store.url }, onProgress: () => undefined,
    onStage: (stage) => {
      if (stage !== 'load' && stage !== 'drain') return
      clocks.push({ atMs: performance.now(), store: cpuSeconds(store.pids()), workers: cpuSeconds(workersOf(folder)) })
      if (stage === 'load') watching?.begin(store.url)
      else watched = watching?.end()
    },
  }))
  await watched
  const { verdict, invariants, evidence } = await checkPoint(folder)
  rmSync(folder, { recursive: true })
  const violated = invariants.find((invariant) => invariant.verdict === 'fail')
  if (verdict === 'fail') throw new Error(`${point.id}: its figures don't count, for ${violated?.name} is violated: ${violated?.findings[0]?.summary ?? violated?.why}`)
  if (bugs.length > 0) throw new Error(`${point.id}: the driver answered with what is neither Rejected nor Unknown: ${bugs[0]}`)
  const phase = measurePhases(evidence, reports, true)[0]!
  return { phase, report: reports[0]!, evidence, doubts: phase.invalid, cpu: { ...cores(clocks), load: phase.generatorCpuShare } }
}

/** Of a point that broke, what its processes said outlives the temporary folder. */
async function keepingLogs<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const kept = mkdtempSync(join(tmpdir(), 'durabench-broken-'))
    cpSync(join(folder, 'logs'), kept, { recursive: true })
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)} (logs: ${kept})`, { cause })
  }
}

/** The headline figure of a phase. @throws when nothing was verified */
export function verified(point: Point, rate: number | null): number {
  if (rate !== null && rate > 0) return rate
  throw new Error(`${point.id}: expected verified steps in the window, found ${rate === null ? 'no journal to verify with' : 'none'}; a longer --seconds may help`)
}

interface Clock {
  readonly atMs: number
  readonly store: number | null
  readonly workers: number | null
}

function cores([from, to]: readonly Clock[]): Omit<Cpu, 'load'> {
  const share = (of: 'store' | 'workers'): number | null => {
    const [before, after] = [from?.[of] ?? null, to?.[of] ?? null]
    return before === null || after === null ? null : (after - before) / ((to!.atMs - from!.atMs) / 1e3)
  }
  return { store: share('store'), workers: share('workers') }
}

function workersOf(folder: string): number[] {
  const lines = readFileSync(join(folder, 'faults.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as FaultLine)
  return lines.flatMap((line) => (line.k === 'spawned' ? [line.pid] : []))
}
