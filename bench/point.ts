// One point of a plan, from its services to its logs. Reads like the way of the data in docs/architecture.md: services, world,
// deployment, workers, load, chaos, drain, reread, journal. What the logs mean is judged afterwards, by oracle and measure.
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { conduct } from '../chaos/conductor.ts'
import { openFaultLog } from '../chaos/log.ts'
import { faults } from '../chaos/faults/index.ts'
import { startRelay, type Relay } from '../chaos/relay/relay.ts'
import type { PointContext } from '../contract/context.ts'
import type { Deployment, Driver } from '../contract/driver.ts'
import type { Json } from '../contract/json.ts'
import type { Point, ServiceProvider } from '../contract/plan.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { PhaseReport } from '../load/protocol.ts'
import type { Guard } from '../processes/guard.ts'
import { startServices, type Addresses, type RunningServices } from '../services/index.ts'
import { scenarios } from '../scenarios/index.ts'
import { budget } from './budget.ts'
import { writeJournal } from './engine-journal.ts'
import { armFailpoints } from './failpoints.ts'
import { Fleet } from './fleet.ts'
import { storeGround, workerShims } from './ground.ts'
import { startLoad, type Progress } from './load-process.ts'
import { openNetwork, proxiedLinks } from './network.ts'
import { createStage } from './stage.ts'
import { observeSurface, type SurfaceObservation } from './surface.ts'
import { within } from './within.ts'
import { writeTable } from './table.ts'
import { startWorld, type WorldBehaviour } from './world-process.ts'

/** A fast local API that now and then refuses or hangs after the effect, as real ones do. */
const behaviour: WorldBehaviour = { latency: { medianMs: 3, p99Ms: 20 }, failures: { status429: 0.01, status500: 0.01, hungAfterApplied: 0.005 } }

/** A control's lost runs never end; waiting out the whole bound for them would show nothing more. */
const controlSettleMs = 8_000

/** Reading every outcome a second time would take longer than the point. */
const rereadSample = 2_000

/** What a driver may take to make its schema and bundles, and to drop them; far beyond what any needs. */
const deploySeconds = 120
const disposeSeconds = 30

export interface PointRun {
  readonly seed: number
  readonly minExposures: number
  readonly point: Point
  readonly driver: Driver
  readonly folder: string
  readonly guard: Guard
  readonly addresses: Addresses
  /** Of services of its own; left out: processes of this machine. */
  readonly provider?: ServiceProvider
  /** Services that it shares with other points; left out: it starts its own. */
  readonly shared?: RunningServices
  readonly onProgress: (progress: Progress) => void
  readonly onStage: (what: string) => void
}

export interface PointLogs {
  readonly phases: readonly PhaseReport[]
  readonly bugs: readonly string[]
  readonly surface: SurfaceObservation
}

/** Points that are begun in the same millisecond stay apart. */
let ordinal = 0

/** Plays the point and leaves its logs in the folder. Rejects when the harness, a service or the driver broke. */
export async function playPoint(run: PointRun): Promise<PointLogs> {
  const { point, driver, folder, guard, seed } = run
  const scenario = scenarios.get(point.scenario)!
  // In a namespace that outlives the run, an id must never have been used.
  const runId = `${point.leg}-s${seed}${run.addresses.temporalNamespace === undefined ? '' : `-${randomBytes(4).toString('hex')}`}`
  const prefix = `durabench_${process.pid}_${Math.floor(performance.now())}_${++ordinal}`
  using socketFolder = temporaryFolder(guard)
  const log = openFaultLog(folder)
  writeContext(run, runId)

  run.onStage('services')
  await using services = run.shared ?? await startServices({ needs: driver.needs, folder: join(folder, 'logs'), guard, prefix, addresses: run.addresses, onProgress: run.onStage, ground: point.store ?? {}, proxied: proxiedLinks(point), provider: run.provider ?? 'embedded', dynamicConfig: driver.serverConfig?.(variantOf(run)) ?? {}, split: point.chaos.faults.some(({ part }) => part !== undefined) })
  await using world = await startWorld({ seed, folder, guard, behaviour })
  await using relay = await relayOf(point, services)
  await using network = await openNetwork({ point, services, guard, logFolder: join(folder, 'logs') })
  using clocks = await workerShims(point, guard)
  await using drivers = new AsyncDisposableStack()
  const deployment = await deploy(run, relay?.url ?? services.reached.byWorkers.postgresUrl, services, prefix)
  drivers.defer(() => within(disposeSeconds, `${driver.name} to dispose of its deployment`, deployment[Symbol.asyncDispose]()))
  const place = {
    folder, worldUrl: world.url, bareLedger: point.bareLedger, runId,
    socketFolder: socketFolder.path,
    failpoints: armFailpoints(point, runId, folder),
    socket: (role: string, index: number) => join(socketFolder.path, `${role}${index}.sock`),
    network,
    containers: services.containers,
    shims: clocks.shims,
  }
  await using fleet = new Fleet({ driver, deployment, workers: point.workers, place, guard, log, claims: place.failpoints === null ? null : join(folder, 'claims'), isDeadly: scenario.poison !== undefined })

  run.onStage('workers')
  const surface = await observeSurface({ services, fleet, driver }, () => fleet.start())
  await using load = startLoad(folder, guard, run.onProgress)
  const trouble = Promise.race([fleet.broken.promise, load.failed, world.failed, services.lost])
  trouble.catch(() => undefined)
  const orTrouble = <T>(work: Promise<T>): Promise<T> => Promise.race([work, trouble])

  const readJournal = (file: string): Promise<void> => writeJournal(deployment, driver.capabilities.journal === 'absent' ? null : join(folder, 'history.jsonl'), file)
  // A deployment is made at leisure: what a power cut may take begins with the load.
  await services.store?.disk?.settle()
  run.onStage('load')
  await using standing = storeGround({
    store: services.store, guard, folder,
    // A store that forgets is held against what it said before.
    beforeCut: (fault) => readJournal(join(folder, `journal-before-${fault}.jsonl`)),
  })
  const stage = createStage({ fleet, services, ground: standing.ground, relay, network, load, world, log, workers: point.workers, operatorAfterMs: point.chaos.operatorAfterMs })
  // Faults end with the point: one that breaks must not leave a restart to the next.
  using over = abortedAtEnd()
  const conductor = conduct(point.chaos, point.load.phases, stage, (_phase, batch) => load.release(batch), over.signal)
  load.begin({ type: 'begin', plan: point.load, seed, runId, scenario: point.scenario, params: point.params, folder, apps: fleet.sockets })
  const settleMs = point.livenessMs ?? (point.expect === 'fail' ? controlSettleMs : scenario.livenessMs)
  const cap = setTimeout(() => load.stop(), point.capSeconds * 1_000)
  over.signal.addEventListener('abort', () => clearTimeout(cap))
  await orTrouble(conductor.done)
  // A batch is over when its runs have ended: those that an engine lost never do.
  const lost = point.load.phases.some(({ kind }) => kind === 'batches') ? [delay(settleMs)] : []
  await orTrouble(Promise.race([load.phasesOver(), ...lost]))
  clearTimeout(cap)

  run.onStage('drain')
  await orTrouble(load.drain(settleMs))
  surface.loaded(services, fleet)
  run.onStage('restart and read again')
  await orTrouble(fleet.restart())
  await orTrouble(load.reread('reread', rereadSample))
  const { phases, bugs } = await orTrouble(load.finish())
  run.onStage('journal')
  await orTrouble(readJournal(join(folder, 'journal.jsonl')))
  if (scenario.evidence !== undefined && services.postgresUrl !== null && driver.capabilities.transact !== 'absent') {
    await orTrouble(writeTable(services.postgresUrl, scenario.evidence, join(folder, 'table.jsonl')))
  }
  await fleet[Symbol.asyncDispose]()
  await world.close()
  log.close()
  return { phases, bugs, surface: await surface.finish(services) }
}

/** Only where the plan hurts a link, so that all other points are measured without it; and only before a store of our own. */
async function relayOf({ chaos }: Point, { store, postgresUrl }: RunningServices): Promise<Relay | null> {
  const needed = chaos.faults.some(({ kind }) => faults[kind].of === 'link')
  return needed && store !== null && postgresUrl !== null ? startRelay(postgresUrl) : null
}

async function deploy(run: PointRun, postgresUrl: string | null, { reached: { byWorkers: { temporalAddress }, byApps }, temporalExternal }: RunningServices, prefix: string): Promise<Deployment> {
  const { point, driver, folder } = run
  return within(deploySeconds, `${driver.name} to deploy`, driver.deploy({
    runId: `${point.leg}`, prefix, folder, variant: variantOf(run), budget: point.budget ?? budget, scenarios: [...scenarios.values()] as Scenario[],
    ...(postgresUrl === null ? {} : { postgresUrl }),
    ...(temporalAddress === null ? {} : { temporalAddress }),
    ...(temporalExternal === null ? {} : { temporalExternal }),
    ...(byApps.temporalAddress === null || byApps.temporalAddress === temporalAddress ? {} : { temporalAppAddress: byApps.temporalAddress }),
  }))
}

function variantOf({ point, driver }: PointRun): Json {
  const variant = driver.variants[point.variant]
  if (variant === undefined) throw new Error(`expected a variant of ${driver.name} (${Object.keys(driver.variants).join(', ')}), found '${point.variant}'`)
  return variant
}

function writeContext({ point, driver, folder, seed, minExposures }: PointRun, runId: string): void {
  const { name, title, placement, capabilities, promises } = driver
  const context: PointContext = {
    schemaVersion: 1, runId, seed, minExposures, point, budget: point.budget ?? budget,
    driver: { name, title, placement, capabilities, promises, versions: driver.versions() },
  }
  writeFileSync(join(folder, 'point.json'), JSON.stringify(context, null, 1))
}

function abortedAtEnd(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  return { signal: controller.signal, [Symbol.dispose]: () => controller.abort(new Error('the point is over')) }
}

function temporaryFolder(guard: Guard): Disposable & { path: string } {
  const path = guard.makeFolder(join(tmpdir(), 'durabench-'))
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true })
      guard.untrackPath(path)
    },
  }
}
