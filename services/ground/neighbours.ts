// Noisy neighbours of a store: processes that want all processors, or that flush all the time on its disk. They prove what they do to
// it by measuring it before and with them, so on a machine that has plenty the fault is skipped rather than claimed.
import { readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned, type OwnedProcess } from '../../processes/spawn.ts'

const windowMs = 600
const commits = 7
const flushers = 4

interface Neighbourhood {
  readonly guard: Guard
  readonly logFolder: string
  /** On the store's disk. */
  readonly folder: string
  pids(): number[]
  /** A transaction that must reach the disk. */
  commit(): Promise<void>
}

export interface Neighbour extends AsyncDisposable {
  readonly saw: string
  /** Resolves with what they did. */
  end(): Promise<string>
}

export async function startNeighbours(kind: 'cpu' | 'fsync', place: Neighbourhood): Promise<Neighbour> {
  const measure = kind === 'cpu' ? () => waitedMs(() => place.pids()) : () => commitMs(() => place.commit())
  const what = kind === 'cpu' ? `the store's processes waited for a processor, in ${windowMs} ms,` : 'a commit took'
  const before = await measure()
  const files = Array.from({ length: kind === 'fsync' ? flushers : 0 }, (_, i) => join(place.folder, `neighbour-${i}`))
  const programs = kind === 'cpu' ? Array.from({ length: 2 * availableParallelism() }, () => ['sh', '-c', 'while :; do :; done'] as const) : files.map(flusher)
  const processes: OwnedProcess[] = programs.map((argv) => spawnOwned({ argv: [...argv], logFile: join(place.logFolder, 'neighbours.log'), guard: place.guard }))
  const startedMs = performance.now()

  async function end(): Promise<string> {
    await Promise.all(processes.map((owned) => owned.kill()))
    for (const file of files) rmSync(file, { force: true })
    return `${processes.length} processes for ${Math.round(performance.now() - startedMs)} ms`
  }
  // Started, but not yet at work.
  await sleep(windowMs)
  const during = await measure()
  const saw = `${what} ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms with ${processes.length} neighbours`
  if (during <= before) {
    await end()
    throw new Error(`expected the store to be disturbed, found that ${saw}`)
  }
  return { saw, end, [Symbol.asyncDispose]: async () => void (await end()) }
}

const flusher = (path: string): readonly [string, ...string[]] => [process.execPath, '-e', `
  const fs = require('node:fs')
  const file = fs.openSync(${JSON.stringify(path)}, 'w')
  for (const block = Buffer.alloc(1 << 20); ;) { fs.writeSync(file, block, 0, block.length, 0); fs.fsyncSync(file) }`]

/** By the kernel's account of each process: the second figure is nanoseconds spent runnable, and not running. */
async function waitedMs(pids: () => number[]): Promise<number> {
  const total = (): number => pids().reduce((sum, pid) => sum + delayNs(pid), 0)
  const before = total()
  await sleep(windowMs)
  return Math.max(0, total() - before) / 1e6
}

function delayNs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1])
  } catch {
    return 0 // It has ended meanwhile.
  }
}

/** The median. */
async function commitMs(commit: () => Promise<void>): Promise<number> {
  const tookMs: number[] = []
  for (let i = 0; i < commits; i++) {
    const began = performance.now()
    await commit()
    tookMs.push(performance.now() - began)
  }
  return tookMs.sort((a, b) => a - b)[commits >> 1]!
}
