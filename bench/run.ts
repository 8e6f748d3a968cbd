// Plays a plan: each point from its services to its verdict, journaled as soon as it is known, so that whatever ends the run
// leaves what was done. Points run one after the other, since they share the machine that they measure; those of a crash-point
// matrix, which measures no rate, run beside each other in lanes.
import { createHash } from 'node:crypto'
import type { Driver } from '../contract/driver.ts'
import type { Plan, Point } from '../contract/plan.ts'
import type { PointResult, Result } from '../contract/result.ts'
import type { Guard } from '../processes/guard.ts'
import { scenarios } from '../scenarios/index.ts'
import { servedBy, type Addresses } from '../services/index.ts'
import { cellsOf } from './cells.ts'
import { brokenPoint, emptyPoint } from './empty-point.ts'
import { loadEngines } from './engines.ts'
import { decideExit, exitCodes, provedFaults } from './exit.ts'
import { fingerprint, gitRevision } from './fingerprint.ts'
import { createPointFolder } from './folder.ts'
import { judgePoint } from './judge.ts'
import { openJournal, writeHead, type RunHead } from './journal.ts'
import { lacks } from './lacks.ts'
import { inLanes, oneLane, type Lanes } from './lanes.ts'
import { machineLacks } from './machine-lacks.ts'
import type { Progress } from './load-process.ts'
import { playPoint } from './point.ts'
import { SharedServices } from './shared-services.ts'

export interface RunOptions {
  readonly plan: Plan
  readonly runId: string
  readonly folder: string
  readonly guard: Guard
  readonly addresses: Addresses
  /** Drivers that must have run: one that was skipped makes the run end with 13. */
  readonly required: readonly string[]
  /** Faults, by their legs, that must have been proved. */
  readonly requiredFaults?: readonly string[]
  readonly acceptFindings: boolean
  /** The command that repeats this run. */
  readonly command: string
  /** Aborted by Ctrl-C: the point at work is given up, what was done is reported. */
  readonly interrupted: AbortSignal
  readonly watch: Watcher
  /** Which points may be played at once; left out: none. */
  readonly lanes?: Lanes<Point>
  /** What an earlier run of this plan, in this folder, has done: not played again. */
  readonly earlier?: readonly PointResult[]
}

export interface Watcher {
  point(point: Point, index: number, count: number): void
  stage(point: Point, what: string): void
  progress(point: Point, progress: Progress): void
  pointDone(result: PointResult): void
}

export async function runPlan(options: RunOptions): Promise<Result> {
  const { plan, folder, interrupted } = options
  const provider = plan.services ?? 'embedded'
  const startedAt = performance.now()
  // Before the engines are looked at, which takes seconds: a run that is killed meanwhile was one, too.
  const begun = headOf(options)
  writeHead(folder, begun)
  const engines = await loadEngines(plan, options.addresses)
  const head: RunHead = { ...begun, drivers: [...engines.values()].map(({ result }) => result) }
  writeHead(folder, head)
  const points: PointResult[] = [...(options.earlier ?? [])]
  const journal = openJournal(folder, points)
  const left = plan.points.filter(({ id }) => !points.some((point) => point.id === id))
  await using shared = new SharedServices(folder, options.guard, options.addresses, provider)
  await inLanes(left, options.lanes ?? oneLane, async (point) => {
    if (interrupted.aborted || isOver(plan, points, startedAt)) return
    options.watch.point(point, plan.points.indexOf(point), plan.points.length)
    const { driver, result } = engines.get(point.driver)!
    const why = result.skipped || lacks(driver, scenarios.get(point.scenario)!) || await machineLacks(point, options.addresses, options.guard, provider)
    const done = why === '' ? await playAndJudge(options, point, driver, shared) : emptyPoint(point, planHash(point), 'skipped', why)
    points.push(done)
    journal.add(done)
    options.watch.pointDone(done)
  })
  journal.close()
  // What a plan with an end of its own did not get to was never meant to be.
  const played: Plan = plan.until === undefined || interrupted.aborted ? plan : { ...plan, points: plan.points.slice(0, points.length) }
  const cells = cellsOf(played, points, head.drivers)
  const matrix = cells === undefined ? {} : { matrix: cells }
  const { exitCode, reasons } = decideExit({ plan: played, points, drivers: head.drivers, required: options.required, requiredFaults: options.requiredFaults ?? [], acceptFindings: options.acceptFindings, interrupted: interrupted.aborted })
  const fingerprint = { ...head.run.fingerprint, services: provider, ...(provider === 'docker' ? { docker: await servedBy(options.guard, provider) } : {}) }
  return { ...head, plan: played, schemaVersion: 1, run: { ...head.run, fingerprint, seconds: (performance.now() - startedAt) / 1e3, exitCode, reasons, interrupted: interrupted.aborted }, points, ...matrix }
}

function isOver({ until }: Plan, points: readonly PointResult[], startedAt: number): boolean {
  return until !== undefined && (provedFaults(points) >= until.provedFaults || performance.now() - startedAt > until.minutes * 60_000)
}

async function playAndJudge(options: RunOptions, point: Point, driver: Driver, shared: SharedServices): Promise<PointResult> {
  const { plan, guard, addresses, watch, interrupted } = options
  const began = performance.now()
  const folder = createPointFolder(options.folder, point.id)
  const interruption = Promise.withResolvers<never>()
  const interrupt = (): void => interruption.reject(new Error('interrupted'))
  interruption.promise.catch(() => undefined) // It may come while a shared service starts, before anything waits for it.
  if (interrupted.aborted) interrupt()
  interrupted.addEventListener('abort', interrupt, { once: true })
  try {
    const onStage = (what: string): void => watch.stage(point, what)
    // A shot of the matrix that hurts workers leaves services alone, so they need not be its own.
    const services = point.matrix?.victim === 'worker' ? { shared: await shared.for(driver.needs, onStage) } : {}
    const playing = playPoint({
      seed: plan.seed, minExposures: plan.minExposures, point, driver, folder, guard, addresses, provider: plan.services ?? 'embedded', ...services,
      onProgress: (progress) => watch.progress(point, progress),
      onStage,
    })
    playing.catch(() => undefined)
    const logs = await Promise.race([playing, interruption.promise])
    onStage('oracle')
    const judged = await Promise.race([judgePoint(folder, point, logs), interruption.promise])
    return { ...judged, planHash: planHash(point), seconds: (performance.now() - began) / 1e3 }
  } catch (error) {
    if (interrupted.aborted) return emptyPoint(point, planHash(point), 'interrupted', 'the run was interrupted during this point')
    return brokenPoint(point, planHash(point), error, (performance.now() - began) / 1e3)
  } finally {
    interrupted.removeEventListener('abort', interrupt)
  }
}

function headOf({ plan, runId, command }: RunOptions): RunHead {
  return {
    plan, drivers: [],
    run: { id: runId, startedAt: new Date().toISOString(), seconds: 0, command, seed: plan.seed, git: gitRevision(), fingerprint: fingerprint(), exitCode: exitCodes.interrupted, reasons: ['the run did not end by itself'], interrupted: true },
  }
}

function planHash(point: Point): string {
  return createHash('sha256').update(JSON.stringify(point)).digest('hex').slice(0, 16)
}
