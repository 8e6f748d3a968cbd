// A server that this run started and may hurt. One handle serves Postgres and Temporal: what differs is how it is spawned, what
// counts as ready, which processes belong to it beside its own group, and what it says of itself.
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnedProcess } from '../processes/spawn.ts'
import type { ProcessRow } from '../processes/table.ts'
import { families, processTable, signal } from '../processes/table.ts'
import { PortTaken, ServiceError } from './error.ts'

const POLL_MS = 20
const SIGNAL_DEADLINE_MS = 10_000
const READY_DEADLINE_MS = 120_000
/** Of a server that had trouble: Postgres 18 was seen to stay in a recovery that can't end. */
const RECOVERY_PATIENCE_MS = 20_000

/** Calls that don't fit the server's state (pause of a stopped one) are refused, since a fault that hit nothing proves nothing. */
export interface Controlled {
  readonly role: 'store' | 'engine-server'
  /** SIGKILL to every process of it; a dead one stays dead. */
  kill(): Promise<void>
  /** On the same ports and data; resolves when it is ready. */
  start(): Promise<void>
  /** SIGSTOP; resolves when the kernel shows all of its processes as stopped. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** From now on its end is part of a fault, until `recover`. */
  mayEnd(): void
  /** Waits until it answers again; starts it where it has ended meanwhile, and where it does not come back by itself. */
  recover(): Promise<void>
  pids(): number[]
  /** Rejects when it ended without being asked to: what engines did after that says nothing about them. */
  readonly lost: Promise<never>
  /** What names this incarnation, asked of the server itself; rejects when it doesn't answer. */
  proof(): Promise<string>
}

export interface ServerProgram {
  readonly role: Controlled['role']
  readonly name: string
  spawn(): OwnedProcess
  /** One attempt: rejects while it isn't ready. */
  probe(): Promise<void>
  proof(): Promise<string>
  /** Processes of it that are no descendants of the one that was spawned. */
  strays?(table: ReadonlyMap<number, ProcessRow>): number[]
}

type State = { readonly at: 'stopped' } | { readonly at: 'running' | 'paused'; readonly process: OwnedProcess }

export interface ControlledServer extends Controlled {
  /** Asks it to end by itself, and kills it after the grace. */
  stop(name: NodeJS.Signals, graceMs: number): Promise<void>
}

/** Not started yet: `start()` does it. */
export function control(program: ServerProgram): ControlledServer {
  let state: State = { at: 'stopped' }
  const asked = new WeakSet<OwnedProcess>()
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)

  function now(): State {
    if (state.at !== 'stopped' && state.process.exit !== null) state = { at: 'stopped' }
    return state
  }

  function must(...allowed: State['at'][]): void {
    const { at } = now()
    if (!allowed.includes(at)) throw new ServiceError({ expected: `${program.name} to be ${allowed.join(' or ')}`, found: `it ${at}`, todo: 'see the end of its log' })
  }

  function rows(): ProcessRow[] {
    const table = processTable()
    const roots = [...(state.at === 'stopped' ? [] : [state.process.pid]), ...(program.strays?.(table) ?? [])]
    return [...families(roots, table)].map((pid) => table.get(pid)!)
  }

  /** Again and again, since a process may fork between the look and the signal. */
  async function signalAll(name: NodeJS.Signals, done: (left: ProcessRow[]) => boolean): Promise<void> {
    const deadline = performance.now() + SIGNAL_DEADLINE_MS
    for (let left = rows(); !done(left); left = rows()) {
      if (performance.now() > deadline) throw new ServiceError({ expected: `${name} to reach all of ${program.name}`, found: left.map(({ pid, state: s }) => `${pid} in state ${s}`).join(', '), todo: 'see whether a debugger or a frozen cgroup holds them' })
      for (const { pid } of left) signal(pid, name)
      await sleep(POLL_MS)
    }
  }

  const server: ControlledServer = {
    role: program.role,
    lost: lost.promise,
    async kill() {
      if (state.at !== 'stopped') asked.add(state.process)
      await signalAll('SIGKILL', (left) => left.length === 0)
      if (state.at !== 'stopped') await state.process.exited
      state = { at: 'stopped' }
    },
    async start() {
      must('stopped')
      const process = program.spawn()
      state = { at: 'running', process }
      void process.exited.then(() => {
        if (!asked.has(process)) lost.reject(ended(program, process, 'to go on'))
      })
      try {
        await untilReady(program, process)
      } catch (error) {
        await server.kill()
        throw error
      }
    },
    async pause() {
      must('running')
      await signalAll('SIGSTOP', (left) => left.length > 0 && left.every((row) => row.state === 'T'))
      const at = now()
      if (at.at === 'running') state = { ...at, at: 'paused' }
    },
    async resume() {
      must('paused')
      await signalAll('SIGCONT', (left) => left.every((row) => row.state !== 'T'))
      const at = now()
      if (at.at === 'paused') state = { ...at, at: 'running' }
    },
    mayEnd() {
      if (state.at !== 'stopped') asked.add(state.process)
    },
    async recover() {
      const at = now()
      if (at.at !== 'stopped' && (await untilReady(program, at.process, RECOVERY_PATIENCE_MS).then(() => true, () => false))) return void asked.delete(at.process)
      await server.kill()
      await server.start()
    },
    async stop(name, graceMs) {
      if (now().at === 'paused') await server.resume()
      const at = now()
      if (at.at !== 'stopped') {
        asked.add(at.process)
        await at.process.terminate(name, graceMs)
      }
      await server.kill()
    },
    pids: () => rows().map(({ pid }) => pid),
    proof: () => program.proof(),
  }
  return server
}

async function untilReady(program: ServerProgram, process: OwnedProcess, withinMs = READY_DEADLINE_MS): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const probed = program.probe().then(() => null, (error: unknown) => (error instanceof Error ? error.message : String(error)))
    const refusal = await Promise.race([probed, process.exited.then(() => 'its exit')])
    if (process.exit !== null) throw ended(program, process, 'to start')
    if (refusal === null) return
    if (performance.now() > deadline) throw new ServiceError({ expected: `${program.name} to be ready within ${withinMs / 1000} s`, found: refusal, todo: `see its last lines:\n${process.lastLines(15)}` })
    await sleep(POLL_MS)
  }
}

function ended(program: ServerProgram, process: OwnedProcess, expected: string): ServiceError {
  const lines = process.lastLines(15)
  const { code, signal: by } = process.exit!
  const facts = { expected: `${program.name} ${expected}`, found: by === null ? `that it exited with code ${code}` : `that ${by} ended it` }
  if (/address already in use/i.test(lines)) return new PortTaken({ ...facts, todo: `free its port:\n${lines}` })
  if (/no space left on device/i.test(lines)) return new ServiceError({ ...facts, todo: `make room on the disk:\n${lines}` })
  return new ServiceError({ ...facts, todo: `see its last lines:\n${lines}` })
}
