// The load process of a point, seen from the harness: what was told over its channel, as promises.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../contract/beside.ts'
import type { Begin, FromLoad, PhaseReport, ToLoad } from '../load/protocol.ts'
import type { Guard } from '../processes/guard.ts'
import { spawnOwned } from '../processes/spawn.ts'

export type Progress = Extract<FromLoad, { type: 'progress' }>

export interface LoadProcess extends AsyncDisposable {
  readonly pid: number
  /** Rejects when the load process died or gave up: without load there is no measurement. */
  readonly failed: Promise<never>
  begin(begin: Begin): void
  phase(name: string, signal: AbortSignal): Promise<void>
  batch(phase: string, batch: number, state: 'started' | 'ended', signal: AbortSignal): Promise<void>
  release(batch: number): void
  phasesOver(): Promise<void>
  /** Ends the phases early. */
  stop(): void
  /** Resolves to the number of runs that had not ended by the deadline. */
  drain(deadlineMs: number): Promise<number>
  reread(reader: string, sample: number): Promise<void>
  finish(): Promise<{ phases: readonly PhaseReport[]; bugs: readonly string[] }>
}

export function startLoad(folder: string, guard: Guard, onProgress: (progress: Progress) => void): LoadProcess {
  const owned = spawnOwned({
    argv: [process.execPath, fileURLToPath(moduleBeside(import.meta.url, '../load/main'))],
    logFile: join(folder, 'logs', 'load.log'),
    guard,
    ipc: true,
  })
  const events = new Map<string, PromiseWithResolvers<FromLoad>>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let finished = false

  function event(key: string): PromiseWithResolvers<FromLoad> {
    const found = events.get(key) ?? Promise.withResolvers<FromLoad>()
    events.set(key, found)
    return found
  }

  owned.onMessage((raw) => {
    const message = raw as FromLoad
    if (message.type === 'progress') return onProgress(message)
    if (message.type === 'fatal') return failed.reject(new Error(`the load process gave up: ${message.message}`))
    if (message.type === 'done') finished = true
    event(keyOf(message)).resolve(message)
  })
  void owned.exited.then((exit) => {
    if (!finished) failed.reject(new Error(`the load process ended with code ${exit.code}, signal ${exit.signal}; its last lines:\n${owned.lastLines(10)}`))
  })

  const tell = (message: ToLoad): void => owned.send(message)
  async function told<T extends FromLoad['type']>(key: string, signal?: AbortSignal): Promise<Extract<FromLoad, { type: T }>> {
    const aborted = Promise.withResolvers<never>()
    const abort = (): void => aborted.reject(new Error(`the load process did not report '${key}' in time`))
    if (signal?.aborted === true) abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return (await Promise.race([event(key).promise, failed.promise, aborted.promise])) as Extract<FromLoad, { type: T }>
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    pid: owned.pid,
    failed: failed.promise,
    begin: tell,
    phase: async (name, signal) => void (await told(`phase ${name} begin`, signal)),
    batch: async (phase, batch, state, signal) => void (await told(`batch ${phase} ${batch} ${state}`, signal)),
    release: (batch) => tell({ type: 'release', batch }),
    phasesOver: async () => void (await told('phases-over')),
    stop: () => tell({ type: 'stop' }),
    async drain(deadlineMs) {
      tell({ type: 'drain', deadlineMs })
      return (await told<'drained'>('drained')).left
    },
    async reread(reader, sample) {
      tell({ type: 'read', reader, sample })
      await told(`read ${reader}`)
    },
    async finish() {
      tell({ type: 'finish' })
      const { phases, bugs } = await told<'done'>('done')
      return { phases, bugs }
    },
    async [Symbol.asyncDispose]() {
      finished = true
      await owned.kill()
    },
  }
}

function keyOf(message: FromLoad): string {
  if (message.type === 'phase') return `phase ${message.name} ${message.edge}`
  if (message.type === 'batch') return `batch ${message.phase} ${message.batch} ${message.state}`
  if (message.type === 'read') return `read ${message.reader}`
  return message.type
}
