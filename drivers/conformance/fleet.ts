// The worker processes of a case: slots whose process can be killed, stopped and replaced. In remote placement an app process
// of its own serves the client; embedded, the worker is the app and dies with it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Driver, FailPoint } from '../../contract/driver.ts'
import type { ArmedFailpoints } from '../../contract/plan.ts'
import type { Guard } from '../../processes/guard.ts'
import type { Exit } from '../../processes/exit.ts'
import { spawnOwned, type OwnedProcess } from '../../processes/spawn.ts'
import { settingsVariable, type WorkerSettings } from '../../worker/settings.ts'
import { AppClient } from './app-client.ts'

const readyMs = 40_000
const deathMs = 20_000
const firstVersion = '1'
/** Beyond all slots. */
const appIndex = 99

/** A failpoint of a case; the case reserves the id before its workers start, since they read failpoints once. */
export interface LabFailpoint { readonly workflowId: string; readonly seq: number; readonly point: FailPoint }

export interface FleetOptions {
  readonly driver: Driver
  readonly deployment: Deployment
  readonly guard: Guard
  readonly folder: string
  readonly worldUrl: string
  readonly runId: string
  /** Unique in the lab: it ends an incarnation's name, from which nonces are made. */
  readonly ordinal: () => number
  readonly failpoints: readonly LabFailpoint[]
}

interface Slot { identity: string; version: string; process: OwnedProcess }

export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions
  readonly #name: string
  readonly #slots = new Map<number, Slot>()
  readonly #clients = new Map<string, AppClient>()
  /** In remote placement, by the version of their code: what is begun through one begins with it. */
  readonly #apps = new Map<string, OwnedProcess>()

  constructor(options: FleetOptions) {
    this.#options = options
    this.#name = `f${options.ordinal()}`
    const points = options.failpoints.map((p, i) => ({ fault: `fault${i}`, workflowId: p.workflowId, seq: p.seq, attempt: 1, point: p.point }))
    mkdirSync(this.#claims)
    writeFileSync(this.#failpointsFile, JSON.stringify({ claims: this.#claims, points } satisfies ArmedFailpoints))
  }

  /** Spawns the slot's worker and waits until it is ready; `same` keeps the identity of the one that was there before, `of` takes that of another slot. */
  async start(index: number, identity: 'same' | 'fresh' | { readonly of: number } = 'fresh', version = firstVersion): Promise<void> {
    const { driver } = this.#options
    if (driver.placement === 'remote' && !this.#apps.has(version)) this.#apps.set(version, await this.#spawn('app', appIndex, `${this.#name}-app`, version))
    const before = identity === 'fresh' ? undefined : this.#slots.get(identity === 'same' ? index : identity.of)?.identity
    const name = before !== undefined ? before : `${this.#name}-s${index}-${this.#options.ordinal()}`
    this.#slots.set(index, { identity: name, version, process: await this.#spawn(driver.placement === 'embedded' ? 'embedded' : 'worker', index, name, version) })
  }

  /** The client of the slot's app; connects anew after a restart. */
  async client(index = 0): Promise<AppClient> {
    const door = this.#options.driver.placement === 'remote' ? this.#socket(appIndex, this.#slots.get(index)!.version) : this.#socket(index)
    const known = this.#clients.get(door)
    if (known !== undefined && !known.lost) return known
    const client = await AppClient.connect(door)
    this.#clients.set(door, client)
    return client
  }

  identity(index: number): string {
    return this.#slots.get(index)!.identity
  }

  kill(index: number): Promise<Exit> {
    return this.#slots.get(index)!.process.kill()
  }

  alive(index: number): boolean {
    return this.#slots.get(index)!.process.exit === null
  }

  /** Graceful, as a deploy does it. */
  async stop(index: number): Promise<Exit> {
    const { process, identity, version } = this.#slots.get(index)!
    const { signal, graceMs } = this.#options.deployment.worker({ index, identity, version, incarnation: '' }).stop
    return process.terminate(signal, graceMs + 5_000)
  }

  /** The slot whose worker killed itself at its failpoint: there is one failpoint, and either worker may get there. */
  async firstDeath(): Promise<number> {
    const slots = [...this.#slots]
    const gaveUp = new AbortController()
    const late = sleep(deathMs, null, { signal: gaveUp.signal }).catch(() => null)
    const dead = await Promise.race([late, ...slots.map(([index, { process }]) => process.exited.then(() => index))])
    gaveUp.abort()
    const lastLines = slots.map(([, { process }]) => process.lastLines(10)).join('\n')
    if (dead === null) throw new Error(`expected a worker to die at its failpoint within ${deathMs} ms, but all live; their last lines:\n${lastLines}`)
    if (!existsSync(join(this.#claims, 'fault0.claim'))) throw new Error(`expected a worker to die at its failpoint, but one died without claiming it; their last lines:\n${lastLines}`)
    return dead
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client.close()
    await Promise.all([...[...this.#slots.values()].map((slot) => slot.process.kill()), ...[...this.#apps.values()].map((app) => app.kill())])
  }

  async #spawn(role: WorkerSettings['role'], index: number, identity: string, version: string): Promise<OwnedProcess> {
    const { worldUrl, runId, guard, folder } = this.#options
    const incarnation = `${this.#name}-w${this.#options.ordinal()}`
    const slot = { index, incarnation, identity, version }
    const { deployment } = this.#options
    const spec = (role === 'app' ? deployment.app?.(slot) : undefined) ?? deployment.worker(slot)
    const settings: WorkerSettings = {
      role, module: spec.module, config: spec.config, slot,
      socket: role === 'worker' ? null : this.#socket(index, role === 'app' ? version : ''), worldUrl, ledgerFolder: null, runId, failpoints: this.#failpointsFile,
    }
    const owned = spawnOwned({
      argv: [process.execPath, ...(spec.nodeArgs ?? []), fileURLToPath(moduleBeside(import.meta.url, '../../worker/main'))],
      env: { [settingsVariable]: JSON.stringify(settings) }, logFile: join(folder, `${incarnation}.log`), guard, stdin: 'pipe',
    })
    await owned.line((line) => line === 'ready', readyMs)
    return owned
  }

  #socket(index: number, version = ''): string {
    return join(this.#options.folder, `${this.#name}-${index}${version}.sock`)
  }

  get #claims(): string {
    return join(this.#options.folder, `${this.#name}-claims`)
  }

  get #failpointsFile(): string {
    return join(this.#options.folder, `${this.#name}-failpoints.json`)
  }
}
