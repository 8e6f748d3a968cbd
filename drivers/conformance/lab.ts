// Where conformance runs: a world, a deployment of the driver, and worker processes that cases spawn, kill and replace. The
// services come in as addresses, so that a driver's author can point the suite at servers of any origin.
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Driver, Environment } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { LedgerLine } from '../../contract/logs.ts'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { spawnOwned, type OwnedProcess } from '../../processes/spawn.ts'
import { scenarios } from '../../scenarios/index.ts'
import { Fleet, type LabFailpoint } from './fleet.ts'

/** Read when the lab opens, so that a test may start its services in between. */
export interface LabOptions {
  postgresUrl?: string
  temporalAddress?: string
  /** Default: the driver's `default`. */
  readonly variant?: string
  /** Kills the store and starts it on the same data; without it the case is left out, as for an external store. */
  restartStore?: () => Promise<void>
}

export class Lab implements AsyncDisposable {
  readonly driver: Driver
  readonly #options: LabOptions
  readonly #runId = `c${Date.now().toString(36)}`
  #folder = ''
  #guard!: Guard
  #world!: OwnedProcess
  #worldUrl = ''
  #deployment!: Deployment
  #shared: Fleet | null = null
  #ids = 0
  #ordinals = 0

  constructor(driver: Driver, options: LabOptions) {
    this.driver = driver
    this.#options = options
  }

  /** Starts the world and deploys the driver. */
  async open(): Promise<void> {
    this.#guard = await startGuard()
    this.#folder = this.#guard.makeFolder(join(tmpdir(), 'durabench-lab-'))
    this.#world = spawnOwned({
      argv: [process.execPath, fileURLToPath(moduleBeside(import.meta.url, '../../world/main'))],
      env: { DURABENCH_WORLD: JSON.stringify({ seed: 1, ledgerFile: this.#ledgerFile, latency: { medianMs: 0, p99Ms: 0 }, failures: { status429: 0, status500: 0, hungAfterApplied: 0 } }) },
      logFile: join(this.#folder, 'world.log'), guard: this.#guard, stdin: 'pipe',
    })
    const ready = await this.#world.line((line) => line.startsWith('ready '), 20_000)
    this.#worldUrl = (JSON.parse(ready.slice('ready '.length)) as { url: string }).url
    this.#deployment = await this.driver.deploy(this.#environment())
  }

  /** A run id that no case has used; it ends in a number, as the ledger of bare steps needs. */
  nextId(): string {
    return `${this.#runId}-${++this.#ids}`
  }

  /** One worker that the cases without faults share. */
  async shared(): Promise<Fleet> {
    if (this.#shared === null) {
      this.#shared = this.#fleet([])
      await this.#shared.start(0)
    }
    return this.#shared
  }

  /** Workers of a case's own. The shared one is stopped first: an engine that takes over would run this case on it. */
  async own(use: (fleet: Fleet) => Promise<void>, failpoints: readonly LabFailpoint[] = []): Promise<void> {
    await this.#shared?.[Symbol.asyncDispose]()
    this.#shared = null
    await using fleet = this.#fleet(failpoints)
    await use(fleet)
  }

  get restartStore(): LabOptions['restartStore'] {
    return this.#options.restartStore
  }

  get deployment(): Deployment {
    return this.#deployment
  }

  /** What reached the world so far for a run's seq: lines of one attempt share `a`. */
  ledger(workflowId: string, seq: number): LedgerLine[] {
    const lines = readFileSync(this.#ledgerFile, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LedgerLine)
    const attempts = new Set(lines.flatMap((line) => (line.k === 'attempt' && line.wf === workflowId && line.seq === seq ? [line.a] : [])))
    return lines.filter((line) => line.k !== 'end' && attempts.has(line.a))
  }

  attempts(workflowId: string, seq: number): number {
    return this.ledger(workflowId, seq).filter((line) => line.k === 'attempt').length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shared?.[Symbol.asyncDispose]()
    await this.#deployment?.[Symbol.asyncDispose]()
    await this.#world?.[Symbol.asyncDispose]()
    await this.#guard?.[Symbol.asyncDispose]()
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true })
  }

  get #ledgerFile(): string {
    return join(this.#folder, 'world.jsonl')
  }

  #fleet(failpoints: readonly LabFailpoint[]): Fleet {
    return new Fleet({
      driver: this.driver, deployment: this.#deployment, guard: this.#guard, folder: this.#folder, worldUrl: this.#worldUrl, runId: this.#runId,
      ordinal: () => ++this.#ordinals, failpoints,
    })
  }

  #environment(): Environment {
    const { variant = 'default', postgresUrl, temporalAddress } = this.#options
    return {
      runId: this.#runId, prefix: this.#runId, folder: this.#folder,
      ...(postgresUrl === undefined ? {} : { postgresUrl }), ...(temporalAddress === undefined ? {} : { temporalAddress }),
      variant: this.driver.variants[variant] as Json, budget: { leaseMs: 2_000, pollMs: 100 }, scenarios: [...scenarios.values()],
    }
  }
}
