// The worker processes of a point: one slot each, whose process changes while its socket stays. A worker that dies unasked is
// replaced at once, as any supervisor would; one that died at a failpoint waits for chaos to replace it.
import type { Deployment, Driver, WorkerSlot } from '../contract/driver.ts'
import type { FaultLog } from '../chaos/log.ts'
import type { Victim, Worker } from '../chaos/stage.ts'
import type { Guard } from '../processes/guard.ts'
import type { Standstill } from '../worker/standstill.ts'
import { Claims } from './claims.ts'
import { workerGround } from './ground.ts'
import { emptySlots, errorIn, type Slot } from './slot.ts'
import { spawnWorker, type WorkerPlace, type WorkerProcess } from './worker-process.ts'

/** More unasked deaths than this in one slot, and the point is broken: an engine that can't keep a worker alive. */
const unaskedDeathsCap = 20
/** The same where runs take workers down on purpose. */
const deadlyDeathsCap = 200
const supervisorDelayMs = 250
const readyCapMs = 60_000

export interface FleetOptions {
  readonly driver: Driver
  readonly deployment: Deployment
  readonly workers: number
  readonly place: WorkerPlace
  readonly guard: Guard
  readonly log: FaultLog
  /** Folder where dying workers leave their claims; null: no failpoints. */
  readonly claims: string | null
  /** Of a scenario whose runs take workers down. */
  readonly isDeadly: boolean
}

export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions
  readonly #workers: Slot[]
  readonly #apps: Slot[]
  /** Rejects when a slot can't keep a worker alive. */
  readonly broken = Promise.withResolvers<never>()
  readonly claims: Claims
  #ordinal = 0
  #closing = false
  #disposed = false

  constructor(options: FleetOptions) {
    this.#options = options
    this.claims = new Claims(options.claims)
    this.#workers = emptySlots('worker', options.workers)
    this.#apps = options.driver.placement === 'remote' ? emptySlots('app', Math.min(2, options.workers)) : []
    this.broken.promise.catch(() => undefined)
  }

  /** Where the load process finds the apps. */
  get sockets(): readonly string[] {
    const doors = this.#apps.length > 0 ? this.#apps : this.#workers
    return doors.map((slot) => this.#options.place.socket(slot.role, slot.index))
  }

  get processes(): readonly { name: string; pid: number }[] {
    return [...this.#workers, ...this.#apps].flatMap((slot) => (slot.process ? [{ name: `${slot.role} ${slot.index}`, pid: slot.process.pid }] : []))
  }

  /** The workers that there are now, ready or not. */
  get living(): readonly Worker[] {
    return this.#workers.flatMap(({ index, incarnation, process }) => (process === null ? [] : [{ pid: process.pid, slot: index, incarnation }]))
  }

  async start(): Promise<void> {
    await Promise.all([...this.#workers, ...this.#apps].map((slot) => this.#spawn(slot)))
  }

  /** Stops every worker gracefully and starts it again: what was in memory is gone. */
  async restart(): Promise<void> {
    await this.#stopAll()
    await this.start()
  }

  /** Puts a replacement into a slot; with a fresh identity the old one is lost and, where the driver says so, an operator is called. */
  async revive(index: number, identity: 'same' | 'fresh', operatorAfterMs: number, version?: string): Promise<void> {
    const slot = this.#workers[index]!
    if (version !== undefined) await this.#deploy(index, version)
    const { identity: lost, incarnation } = slot
    if (identity === 'fresh') slot.identity = `worker${index}x${this.#ordinal + 1}`
    await this.#spawn(slot)
    const { deployment } = this.#options
    if (identity === 'same' || deployment.recover === undefined) return
    setTimeout(() => {
      this.#options.log.write({ k: 'operator', lost: [lost], incarnation })
      deployment.recover!([lost]).catch((error: unknown) => this.broken.reject(error))
    }, operatorAfterMs)
  }

  victim(index: number, revive: Victim['revive']): Victim | null {
    const slot = this.#workers[index]!
    const owned = slot.process
    if (owned === null || owned.exit !== null) return null
    const died = async (dying: Promise<unknown>): Promise<void> => {
      slot.process = null
      await dying
    }
    return {
      role: 'worker', slot: index, incarnation: slot.incarnation,
      kill: () => died(owned.kill()),
      terminate: () => died(owned.terminate(...this.#stopOf(slot))),
      pause: () => owned.pause(),
      resume: () => Promise.resolve(owned.resume()),
      revive,
      proof: () => Promise.resolve(slot.incarnation),
      ground: workerGround(owned, this.#options.place.shims[index], (process) => void (slot.process = process)),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.#stopAll()
  }

  /** Of the next process in that slot, and of the app beside it, which is started anew at once. */
  async #deploy(index: number, version: string): Promise<void> {
    this.#workers[index]!.version = version
    const app = this.#apps[index]
    if (app === undefined) return
    const { process } = app
    app.process = null
    await process?.terminate(...this.#stopOf(app))
    app.version = version
    await this.#spawn(app)
  }

  /** Resolves when the slot has a worker that is ready, however often it died on the way. */
  #spawn(slot: Slot): Promise<void> {
    if (this.#disposed) return Promise.reject(new Error('the point is over: no worker is started any more'))
    this.#closing = false
    slot.ready = Promise.withResolvers()
    this.#launch(slot)
    return Promise.race([slot.ready.promise, this.broken.promise])
  }

  #launch(slot: Slot): void {
    const { deployment, place, driver, guard, log } = this.#options
    slot.incarnation = `${slot.role}${slot.index}-${++this.#ordinal}`
    const worker: WorkerSlot = { index: slot.index, incarnation: slot.incarnation, identity: slot.identity, version: slot.version }
    const role = slot.role === 'app' ? 'app' : driver.placement === 'remote' ? 'worker' : 'embedded'
    const spec = (role === 'app' ? deployment.app?.(worker) : undefined) ?? deployment.worker(worker)
    const owned = spawnWorker({ role, worker, spec, place, guard, slotRole: slot.role })
    slot.process = owned
    const about = { role: slot.role, slot: slot.index, incarnation: slot.incarnation, pid: owned.pid }
    log.write({ k: 'spawned', ...about })
    // What arrives after its end is covered by that.
    owned.onMessage((message) => owned.exit === null && log.write({ k: 'stood-still', incarnation: about.incarnation, ...(message as Standstill) }))
    void owned.exited.then(() => this.#died(slot, owned, about.incarnation))
    owned.line((line) => line === 'ready', readyCapMs).then(
      () => {
        log.write({ k: 'ready', ...about, pid: owned.pid })
        slot.ready.resolve()
      },
      (cause: unknown) => {
        if (owned.exit === null) this.broken.reject(new Error(`expected ${slot.role} ${slot.index} to be ready within ${readyCapMs / 1_000} s, found it alive but silent${errorIn(owned)}; see logs/${about.incarnation}.log`, { cause }))
      },
    )
  }

  #died(slot: Slot, owned: WorkerProcess, incarnation: string): void {
    const { code, signal, atMs } = owned.exit!
    const claim = this.claims.deathOf(incarnation)
    const asked = slot.process !== owned || this.#closing
    this.#options.log.write({ k: 'exited', role: slot.role, slot: slot.index, incarnation, code, signal, expected: asked || claim !== null }, atMs)
    if (asked) return slot.ready.resolve()
    slot.process = null
    if (claim !== null) {
      slot.ready.resolve()
      return this.claims.died({ claim, slot: slot.index })
    }
    if (++slot.unaskedDeaths > (this.#options.isDeadly ? deadlyDeathsCap : unaskedDeathsCap)) return this.broken.reject(new Error(`${slot.role} ${slot.index} died ${slot.unaskedDeaths} times unasked; the last time with code ${code}, signal ${signal}${errorIn(owned)}; see logs/${incarnation}.log`))
    setTimeout(() => {
      if (!this.#closing && slot.process === null) this.#launch(slot)
    }, supervisorDelayMs)
  }

  async #stopAll(): Promise<void> {
    this.#closing = true
    await Promise.all([...this.#workers, ...this.#apps].map(async (slot) => {
      await slot.process?.terminate(...this.#stopOf(slot))
      slot.process = null
    }))
  }

  #stopOf(slot: Slot): ['SIGTERM' | 'SIGINT', number] {
    const { stop } = this.#options.deployment.worker({ index: slot.index, incarnation: slot.incarnation, identity: slot.identity, version: slot.version })
    return [stop.signal, stop.graceMs]
  }
}
