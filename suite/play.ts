// Plays a point and turns what it shows into a passed case or an error. The rules are those of exit codes (bench/exit.ts): a violation
// fails, and so does whatever keeps the case from deciding what it claims, a fault that was not proved among it.
import type { Plan, Point } from '../contract/plan.ts'
import type { PointResult } from '../contract/result.ts'
import { cellsOf } from '../bench/cells.ts'
import { brokenPoint } from '../bench/empty-point.ts'
import { decideExit, exitCodes } from '../bench/exit.ts'
import { createPointFolder } from '../bench/folder.ts'
import { judgePoint } from '../bench/judge.ts'
import { playPoint } from '../bench/point.ts'
import { Undecided } from './case.ts'
import type { Stand } from './stand.ts'

/** @throws with the violated invariant, the run that shows it, and how to play it again */
export async function play(name: string, points: readonly Point[], seed: number, minExposures: number, stand: Stand): Promise<void> {
  const plan: Plan = { schemaVersion: 1, command: 'suite', seed, minExposures, points }
  const results: PointResult[] = []
  for (const point of points) results.push(await one(point, plan, stand))
  const { driver } = stand
  const drivers = [{ name: driver.name, skipped: '', ...(driver.approximate === undefined ? {} : { approximate: driver.approximate }) }]
  const cells = cellsOf(plan, results, drivers)
  // A point that broke says so itself.
  const legs = results.some(({ state }) => state !== 'done') ? [] : [...new Set(points.filter(({ chaos, matrix }) => chaos.faults.length > 0 && matrix === undefined).map(({ leg }) => leg))]
  const { exitCode, reasons } = decideExit({
    plan, points: results, drivers, required: [], requiredFaults: legs, acceptFindings: false, interrupted: false,
    ...(cells === undefined ? {} : { matrix: cells }),
  })
  // Where a cell is hit by chance, decideExit asks for none of its shots; a case whose crashes all missed has shown nothing.
  const struck = cells === undefined || cells.some(({ fired }) => fired > 0)
  if (exitCode === exitCodes.ok && struck) return
  stand.keep()
  const evidence = results.flatMap(({ invariants }) => invariants.filter(({ verdict }) => verdict === 'fail').flatMap(({ name, findings: [first] }) => (first === undefined ? [] : [`${name}: ${[first.workflowId, first.step, first.lines.join(' ')].filter(Boolean).join(', ')}`])))
  const message = [
    ...reasons,
    ...(struck ? [] : ['expected a crash to strike where it was aimed at, found none; play it with another seed']),
    ...evidence,
    `logs: ${points.map(({ id }) => folderOf(stand, id)).join(' ')} (judge them again: npx durabench check ${stand.folder})`,
    `again: ${stand.again(name)}`,
  ].join('\n')
  throw exitCode === exitCodes.violation ? new Error(message) : new Undecided(message)
}

async function one(point: Point, plan: Plan, stand: Stand): Promise<PointResult> {
  const { driver, guard, addresses } = stand
  const began = performance.now()
  const onStage = (): void => undefined
  try {
    const folder = createPointFolder(stand.folder, point.id)
    const services = hurtsWorkersOnly(point) && driver.needs.length > 0 ? { shared: await stand.shared.for(driver.needs, onStage) } : {}
    const logs = await playPoint({ seed: plan.seed, minExposures: plan.minExposures, point, driver, folder, guard, addresses, ...services, onProgress: onStage, onStage })
    const judged = await judgePoint(folder, point, logs)
    return { ...judged, planHash: '', seconds: (performance.now() - began) / 1e3 }
  } catch (error) {
    return brokenPoint(point, '', error, (performance.now() - began) / 1e3)
  }
}

function hurtsWorkersOnly({ chaos, store }: Point): boolean {
  return store === undefined && chaos.faults.every(({ role }) => role === 'worker')
}

function folderOf({ folder }: Stand, id: string): string {
  return `${folder}/${id.replaceAll('/', '-')}`
}
