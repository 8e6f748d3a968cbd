// durabench matrix: every step of an agent crashed at every point, each cell several times; an interrupted one can be resumed.
import type { MatrixPart } from '../contract/plan.ts'
import { readJournal } from '../bench/journal.ts'
import { agents } from '../bench/plans/crash.ts'
import { pointOrder, siteFilter, type SiteFilter } from '../bench/plans/matrix-sites.ts'
import { matrixLanes, matrixPlan } from '../bench/plans/matrix.ts'
import { UsageError } from '../bench/usage.ts'
import { matrixSummary } from '../reports/terminal.ts'
import { startFromCompiled } from './compile-cache.ts'
import { parse, runFlags, runFlagsOf } from './options.ts'
import { play } from './session.ts'

const victims: readonly MatrixPart['victim'][] = ['worker', 'engine-server', 'store']
const loads: readonly MatrixPart['load'][] = ['quiescent', 'loaded']
const own = { victims: { type: 'string' }, load: { type: 'string' }, crashes: { type: 'string' }, cells: { type: 'string' }, resume: { type: 'string' } } as const
/** What may be said anew of a matrix that is resumed: all else its plan has. */
const kept: readonly string[] = ['resume', 'require', 'json', 'accept-findings', 'postgres', 'temporal', 'i-own-this']

export async function matrix(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { ...runFlags, ...own }, false)
  startFromCompiled()
  if (values.resume !== undefined) return resume(values.resume, Object.keys(values), runFlagsOf(values, defaults))
  const { victims: asked, load, crashes: times = '1', cells, ...rest } = values
  const flags = runFlagsOf({ ...rest, workers: values.workers ?? '1' }, defaults)
  const chosen = { victims: some('victims', asked, victims, ['worker']), loads: some('load', load, loads, loads) }
  if (times !== '1' && times !== '2') throw new UsageError(`expected --crashes to be 1 or 2, found '${times}'`)
  const crashes = times === '2' ? 2 : 1
  if (crashes === 2 && chosen.victims.some((victim) => victim !== 'worker')) throw new UsageError('expected --crashes 1 with the victims engine-server and store, found 2: only a worker that recovers comes to a place of ours, where it can be crashed again; take --victims worker')
  if (chosen.victims.includes('store') && values.postgres !== undefined) throw new UsageError('expected no --postgres with the victim store: only a store that durabench started itself is killed; leave it out')
  if (chosen.victims.includes('engine-server') && values.temporal !== undefined) throw new UsageError('expected no --temporal with the victim engine-server: only a server that durabench started itself is killed; leave it out')
  const plan = matrixPlan({ ...flags, ...chosen, crashes, wanted: filter(cells) })
  if (plan.points.length === 0) throw new UsageError(`expected cells to be left by --cells ${cells ?? ''} and --victims ${chosen.victims.join(',')}, found none: see the steps of a scenario with durabench list, and mind that only temporal has an engine-server`)
  const { seed, drivers, scenarios, workers } = flags
  const command = `npx durabench matrix --seed ${seed} --drivers ${drivers.join(',')} --scenarios ${scenarios.join(',')} --victims ${chosen.victims.join(',')} --load ${chosen.loads.join(',')} --crashes ${crashes} --workers ${workers}`
  return play(plan, flags, cells === undefined ? command : `${command} --cells ${cells}`, matrixSummary, { lanes: matrixLanes })
}

const defaults = { drivers: ['homegrown', 'dbos', 'temporal'], scenarios: ['purchase'], playable: agents }

/** The plan is the one that was begun; what its journal has done stays done. */
async function resume(folder: string, given: readonly string[], flags: ReturnType<typeof runFlagsOf>): Promise<number> {
  const anew = given.filter((name) => !kept.includes(name))
  if (anew.length > 0) throw new UsageError(`expected --resume with ${kept.slice(1).map((name) => `--${name}`).join(', ')} at most, found --${anew.join(' --')}: the plan is that of the run in ${folder}`)
  const { head, points } = readJournal(folder)
  if (head.plan.command !== 'matrix') throw new UsageError(`expected ${folder} to hold a run of durabench matrix, found one of ${head.plan.command}`)
  return play(head.plan, flags, head.run.command, matrixSummary, { lanes: matrixLanes, begun: { folder, runId: head.run.id, points: points.filter(({ state }) => state === 'done') } })
}

function some<T extends string>(name: string, text: string | undefined, all: readonly T[], fallback: readonly T[]): readonly T[] {
  if (text === undefined) return fallback
  const asked = text.split(',').map((item) => item.trim())
  const unknown = asked.find((item) => !all.some((one) => one === item))
  if (unknown !== undefined) throw new UsageError(`expected --${name} to name some of ${all.join(', ')}, found '${unknown}'`)
  return all.filter((one) => asked.includes(one))
}

function filter(text: string | undefined): SiteFilter {
  const found = text === undefined ? () => true : siteFilter(text)
  if (found === null) throw new UsageError(`expected --cells to be a list of STEP, STEP/POINT or /POINT, a step by name or number, points being ${pointOrder.join(', ')}; found '${text}'`)
  return found
}
