// What a store of our own and the workers stand on, handed to chaos. Neighbours end with the point, whether or not their fault was healed.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Ground } from '../chaos/ground.ts'
import type { Point } from '../contract/plan.ts'
import type { Guard } from '../processes/guard.ts'
import { starve } from '../services/ground/memory.ts'
import { startNeighbours, type Neighbour } from '../services/ground/neighbours.ts'
import { makeShim, type Shim } from '../services/ground/shim.ts'
import { query } from '../services/postgres/query.ts'
import type { RunningPostgres } from '../services/postgres/server.ts'
import { leakMessage } from '../worker/leak.ts'
import type { WorkerProcess } from './worker-process.ts'

const pollMs = 20

export interface StoreGround extends AsyncDisposable {
  readonly ground: Ground
}

interface GroundParts {
  /** null: not of this run. */
  readonly store: RunningPostgres | null
  readonly guard: Guard
  readonly folder: string
  /** Keeps what the engine's journal says before the store's disk is cut. */
  readonly beforeCut: (fault: string) => Promise<void>
}

export function storeGround({ store, guard, folder, beforeCut }: GroundParts): StoreGround {
  if (store === null) return { ground: {}, [Symbol.asyncDispose]: async () => undefined }
  const neighbours = new Set<Neighbour>()
  const { disk, shim, pair, url, folder: data } = store
  return {
    ground: {
      server: { mayEnd: () => store.mayEnd(), recover: () => store.recover(), logs: (matches, withinMs) => logged(store, matches, withinMs) },
      ...(data === null ? {} : { neighbours: {
        async start(kind: 'cpu' | 'fsync') {
          const started = await startNeighbours(kind, {
            guard, logFolder: join(folder, 'logs'), folder: data,
            pids: () => store.pids(),
            commit: async () => void (await query(url, 'select pg_current_xact_id()')),
          })
          neighbours.add(started)
          return started
        },
      } }),
      ...(disk === null ? {} : { disk: { beforeCut, cut: () => disk.cut(), restore: () => disk.restore(), fill: () => disk.fill(), makeRoom: () => disk.makeRoom() } }),
      ...(shim === null ? {} : { shim }),
      ...(pair === null ? {} : { standby: pair }),
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...neighbours].map((started) => started.end()))
    },
  }
}

/** `hold` tells the worker's slot which process is its own: one that is starved ends as part of a fault. */
export function workerGround(owned: WorkerProcess, shim: Shim | undefined, hold: (process: WorkerProcess | null) => void): Ground {
  return {
    memory: {
      async starve() {
        hold(null)
        try {
          if ('starve' in owned) return await owned.starve()
          owned.send(leakMessage)
          return await starve(owned)
        } catch (error) {
          hold(owned)
          throw error
        }
      },
    },
    ...(shim === undefined ? {} : { shim }),
  }
}

/** A shim for each slot, where the plan steps workers' clocks. */
export async function workerShims({ chaos, workers }: Point, guard: Guard): Promise<Disposable & { readonly shims: readonly Shim[] }> {
  const needed = chaos.faults.some(({ kind, role }) => kind === 'clock-step' && role === 'worker')
  const stack = new DisposableStack()
  const shims: Shim[] = []
  for (let slot = 0; needed && slot < workers; slot++) shims.push(stack.use(await makeShim(guard, `worker${slot}`)))
  return { shims, [Symbol.dispose]: () => stack.dispose() }
}

async function logged(store: RunningPostgres, matches: RegExp, withinMs: number): Promise<string> {
  const tail = store.tail()
  for (const deadline = performance.now() + withinMs; ; await delay(pollMs)) {
    const line = tail.next().find((text) => matches.test(text))
    if (line !== undefined) return line
    if (performance.now() > deadline) throw new Error(`expected the store to log ${matches.source} within ${withinMs / 1_000} s, found no such line`)
  }
}
