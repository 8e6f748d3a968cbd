// Where the targets' benchmarks play a point: a guard, a temporary folder and the point's processes, all gone afterwards.
// Figures are of this machine at this hour: each command prints how much CPU it used beside the rate, which says more.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Point } from '../../contract/plan.ts'
import type { FaultLine } from '../../contract/logs.ts'
import { loadDriver } from '../../drivers/index.ts'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { createPointFolder } from '../folder.ts'
import { playPoint, type PointLogs } from '../point.ts'
import { cpuSeconds } from '../surface.ts'

export interface Played extends PointLogs {
  readonly folder: string
  /** CPU seconds of all workers from the first start to the drain; null where the system does not tell. */
  readonly workersCpuSeconds: number | null
}

export class Stand implements AsyncDisposable {
  readonly #guard: Guard
  readonly #folder: string
  #points = 0

  private constructor(guard: Guard, folder: string) {
    this.#guard = guard
    this.#folder = folder
  }

  static async open(): Promise<Stand> {
    const guard = await startGuard()
    return new Stand(guard, guard.makeFolder(join(tmpdir(), 'durabench-target-')))
  }

  /** Each point gets a folder and services of its own. */
  async play(point: Point, seed: number): Promise<Played> {
    const folder = createPointFolder(this.#folder, `${point.id}/${++this.#points}`)
    const workers = (): number[] => spawnedWorkers(folder)
    let atStart: number | null = null
    let workersCpuSeconds: number | null = null
    const logs = await playPoint({
      seed, minExposures: 1, point, driver: await loadDriver(point.driver), folder, guard: this.#guard, addresses: {},
      onProgress: () => undefined,
      onStage: (what) => {
        if (what === 'load') atStart = cpuSeconds(workers())
        if (what === 'drain') workersCpuSeconds = difference(cpuSeconds(workers()), atStart)
      },
    })
    return { ...logs, folder, workersCpuSeconds }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guard[Symbol.asyncDispose]()
  }
}

function spawnedWorkers(folder: string): number[] {
  const lines = readFileSync(join(folder, 'faults.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as FaultLine)
  return lines.flatMap((line) => (line.k === 'spawned' ? [line.pid] : []))
}

function difference(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before
}
