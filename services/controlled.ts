// A server that this run started and may hurt. One handle serves Postgres and Temporal, as processes and in containers: what differs is
// the body that it gets at a start, what counts as ready, and what it says of itself.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Body } from './body.ts'
import { PortTaken, ServiceError } from './error.ts'

const POLL_MS = 20
const READY_DEADLINE_MS = 120_000
/** Of a server that had trouble: Postgres 18 was seen to stay in a recovery that can't end. */
const RECOVERY_PATIENCE_MS = 20_000

/** Calls that don't fit the server's state (pause of a stopped one) are refused, since a fault that hit nothing proves nothing. */
export interface Controlled {
  readonly role: 'store' | 'engine-server'
  /** SIGKILL to all of it; a dead one stays dead. */
  kill(): Promise<void>
  /** On the same ports and data; resolves when it is ready. */
  start(): Promise<void>
  /** SIGSTOP, of a container the freezer; resolves when all of its processes are shown as stopped. */
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
  /** On the ports and data of the time before. */
  spawn(): Body | Promise<Body>
  /** One attempt: rejects while it isn't ready. */
  probe(): Promise<void>
  proof(): Promise<string>
}

/** One that has ended may have left something behind. */
type State = { readonly at: 'stopped'; readonly body: Body | null } | { readonly at: 'running' | 'paused'; readonly body: Body }

export interface ControlledServer extends Controlled {
  /** Asks it to end by itself, and kills it after the grace. */
  stop(name: NodeJS.Signals, graceMs: number): Promise<void>
}

/** Not started yet: `start()` does it. */
export function control(program: ServerProgram): ControlledServer {
  let state: State = { at: 'stopped', body: null }
  const asked = new WeakSet<Body>()
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)

  function now(): State {
    if (state.at !== 'stopped' && state.body.exit !== null) state = { at: 'stopped', body: state.body }
    return state
  }

  function must(...allowed: State['at'][]): void {
    const { at } = now()
    if (!allowed.includes(at)) throw new ServiceError({ expected: `${program.name} to be ${allowed.join(' or ')}`, found: `it ${at}`, todo: 'see the end of its log' })
  }

  const server: ControlledServer = {
    role: program.role,
    lost: lost.promise,
    async kill() {
      const { body } = state
      if (body !== null) {
        asked.add(body)
        await body.kill()
      }
      state = { at: 'stopped', body: null }
    },
    async start() {
      must('stopped')
      const body = await program.spawn()
      state = { at: 'running', body }
      void body.exited.then(() => {
        if (!asked.has(body)) lost.reject(ended(program, body, 'to go on'))
      })
      try {
        await untilReady(program, body)
      } catch (error) {
        await server.kill()
        throw error
      }
    },
    async pause() {
      must('running')
      await state.body!.pause()
      const at = now()
      if (at.at === 'running') state = { ...at, at: 'paused' }
    },
    async resume() {
      must('paused')
      await state.body!.resume()
      const at = now()
      if (at.at === 'paused') state = { ...at, at: 'running' }
    },
    mayEnd() {
      if (state.at !== 'stopped') asked.add(state.body)
    },
    async recover() {
      const at = now()
      if (at.at !== 'stopped' && (await untilReady(program, at.body, RECOVERY_PATIENCE_MS).then(() => true, () => false))) return void asked.delete(at.body)
      await server.kill()
      await server.start()
    },
    async stop(name, graceMs) {
      if (now().at === 'paused') await server.resume()
      const at = now()
      if (at.at !== 'stopped') {
        asked.add(at.body)
        await at.body.end(name, graceMs)
      }
      await server.kill()
    },
    pids: () => state.body?.pids() ?? [],
    proof: () => program.proof(),
  }
  return server
}

async function untilReady(program: ServerProgram, body: Body, withinMs = READY_DEADLINE_MS): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const probed = program.probe().then(() => null, (error: unknown) => (error instanceof Error ? error.message : String(error)))
    const refusal = await Promise.race([probed, body.exited.then(() => 'its exit')])
    if (body.exit !== null) throw ended(program, body, 'to start')
    if (refusal === null) return
    if (performance.now() > deadline) throw new ServiceError({ expected: `${program.name} to be ready within ${withinMs / 1000} s`, found: refusal, todo: `see its last lines:\n${body.lastLines(15)}` })
    await sleep(POLL_MS)
  }
}

function ended(program: ServerProgram, body: Body, expected: string): ServiceError {
  const lines = body.lastLines(15)
  const { code, signal: by } = body.exit!
  const facts = { expected: `${program.name} ${expected}`, found: by === null ? `that it exited with code ${code}` : `that ${by} ended it` }
  if (/address already in use/i.test(lines)) return new PortTaken({ ...facts, todo: `free its port:\n${lines}` })
  if (/no space left on device/i.test(lines)) return new ServiceError({ ...facts, todo: `make room on the disk:\n${lines}` })
  return new ServiceError({ ...facts, todo: `see its last lines:\n${lines}` })
}
