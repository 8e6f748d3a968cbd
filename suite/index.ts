// durabench/suite: cases for any test runner, `for (const c of crashSuite(driver)) test(c.name, c.run)`. This file is loaded by the
// runner, on whatever Node that has; the harness, and the driver, run beside it in a process of their own, under the Node that they
// need. Given up: a driver can't be handed over as an object, and a debugger in the runner does not reach into it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { separator, type Answer, type Listed } from './wire.ts'

/** One case. It is data until `run` is called. */
export interface SuiteCase {
  /** Reads as a sentence about the engine. */
  readonly name: string
  /** Why it can't be played here: what the driver, or this machine, lacks. `run` skips such a case where the runner lets it (node:test, vitest), and rejects elsewhere. */
  readonly skip?: string
  /** A bound for the runner's own time-out: far beyond what a case takes, far below for ever. */
  readonly timeoutMs: number
  /** Rejects with the violated invariant, the run that shows it, and how to play it again. Takes the runner's context, if any. */
  run(...context: unknown[]): Promise<void>
}

export interface SuiteOptions {
  /** Same seed, same inputs and schedule. Default 1. */
  readonly seed?: number
  /** Which agent is played: one of those that `durabench list` names, or one of your configuration. Default: purchase. */
  readonly scenario?: string
  /** Worker processes. Default 2. */
  readonly workers?: number
  /** Below this many exposures an invariant that a case names is undecided, which fails the case. Default 1. */
  readonly minExposures?: number
  /** A new or empty folder for the evidence. Default: a temporary one, kept when a case fails. */
  readonly out?: string
  /** Servers to use instead of ones that the suite starts itself; cases that would hurt them are skipped. */
  readonly postgres?: string
  readonly temporal?: string
}

export interface ConformanceOptions extends Omit<SuiteOptions, 'scenario' | 'workers' | 'minExposures'> {
  /** Capabilities that the driver is known to lack: one lost by accident fails. Default: none. */
  readonly lacks?: readonly string[]
}

/** The module that exports `driver`: its URL, or a path from the working directory; or the name of a driver that ships. */
export type DriverModule = string | URL

/** An agent that is killed, stopped and paused, and whose store is restarted: what was done twice, lost, or recorded by a zombie? */
export function crashSuite(driver: DriverModule, options: SuiteOptions = {}): SuiteCase[] {
  return casesOf('crash', driver, options)
}

/** What the contract asks of every driver. */
export function conformanceSuite(driver: DriverModule, options: ConformanceOptions = {}): SuiteCase[] {
  return casesOf('conformance', driver, options)
}

/** Every step of an agent crashed at every point, three times each. */
export function matrixSuite(driver: DriverModule, options: SuiteOptions = {}): SuiteCase[] {
  return casesOf('matrix', driver, options)
}

type Kind = 'crash' | 'conformance' | 'matrix'

const shim = fileURLToPath(new URL('../bin/durabench.js', import.meta.url))
/** The first case of a suite may build Temporal's server. */
const timeoutMs = 900_000

function casesOf(kind: Kind, driver: DriverModule, options: SuiteOptions & ConformanceOptions): SuiteCase[] {
  const argv = ['suite', kind, driver instanceof URL ? fileURLToPath(driver) : driver.startsWith('file:') ? fileURLToPath(driver) : driver, ...flagsOf(options)]
  const host = new Host(argv)
  return list(argv).map(({ name, skip }) => ({
    name, timeoutMs,
    ...(skip === '' ? {} : { skip }),
    async run(...context: unknown[]) {
      if (skip === '') return host.play(name)
      const [runner] = context
      if (!(runner instanceof Object && 'skip' in runner && typeof runner.skip === 'function')) throw new Error(`this case can't be played here: ${skip}; leave cases with \`skip\` to your runner's own way to skip`)
      ;(runner.skip as (why: string) => void)(skip)
    },
  }))
}

function flagsOf({ lacks, minExposures, ...rest }: SuiteOptions & ConformanceOptions): string[] {
  const flags = { ...rest, lacks: lacks === undefined || lacks.length === 0 ? undefined : lacks.join(','), 'min-exposures': minExposures }
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
}

/** At once, since runners want their tests named before anything is awaited. */
function list(argv: readonly string[]): Listed[] {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [shim, ...argv, '--list', '--serve'], { encoding: 'utf8' })
  const line = (stdout ?? '').split('\n').find((one) => one.startsWith(separator))
  if (status !== 0 || line === undefined) throw new Error(`the suite's cases could not be listed: ${error?.message ?? stderr.trim()}`)
  return JSON.parse(line.slice(1)) as Listed[]
}

/** The harness's process: started by the first case that is played, ended with the runner's, however that ends. */
class Host {
  readonly #argv: readonly string[]
  readonly #waiting = new Map<string, (error: Error | null) => void>()
  #child: ChildProcess | null = null
  #lastWords: string[] = []

  constructor(argv: readonly string[]) {
    this.#argv = argv
  }

  async play(name: string): Promise<void> {
    const child = (this.#child ??= this.#start())
    const failed = await new Promise<Error | null>((resolve) => {
      this.#waiting.set(name, resolve)
      hold(child, true)
      child.stdin!.write(`${JSON.stringify(name)}\n`)
    })
    if (this.#waiting.size === 0) hold(child, false)
    if (failed !== null) throw failed
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [shim, ...this.#argv, '--serve'], { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.on('error', () => undefined) // Its end is told below.
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith(separator)) return this.#hear(line)
      const { name, error } = JSON.parse(line.slice(1)) as Answer
      this.#settle(name, error === null ? null : new Error(error))
    })
    createInterface({ input: child.stderr }).on('line', (line) => this.#hear(line))
    child.on('close', (code, signal) => {
      this.#child = null
      for (const name of this.#waiting.keys()) this.#settle(name, new Error(`the harness ended (${signal ?? `code ${code}`}) before it had played this case; its last words:\n${this.#lastWords.join('\n')}`))
    })
    return child
  }

  #settle(name: string, outcome: Error | null): void {
    this.#waiting.get(name)?.(outcome)
    this.#waiting.delete(name)
  }

  #hear(line: string): void {
    this.#lastWords = [...this.#lastWords.slice(-9), line]
  }
}

/** Between cases it must not keep its runner alive, who would wait for ever. */
function hold(child: ChildProcess, held: boolean): void {
  const act = held ? 'ref' : 'unref'
  child[act]()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket | null)?.[act]()
}
