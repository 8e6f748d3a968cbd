// Takes a running process's memory away: no address space beyond what it has, so its next mapping fails, as it does at a container's
// limit without swap. The limit is a soft one, so it can be given back to a process that lives on.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnedProcess } from '../../processes/spawn.ts'
import { runTool } from './tool.ts'

/** Whoever allocates notices within milliseconds; who does not may never do. */
const DEATH_DEADLINE_MS = 20_000

export interface Ending {
  readonly saw: string
  /** By its last words. */
  readonly outOfMemory: boolean
}

/** Resolves with how it ended; throws when it lives on, its memory given back. */
export async function starve(owned: OwnedProcess): Promise<Ending> {
  const bytes = addressSpace(owned.pid)
  await runTool(['prlimit', '--pid', String(owned.pid), `--as=${bytes}:`])
  const exit = await Promise.race([owned.exited, sleep(DEATH_DEADLINE_MS, null, { ref: false })])
  if (exit === null) {
    await runTool(['prlimit', '--pid', String(owned.pid), '--as=unlimited:'])
    throw new Error(`expected the worker to end without memory within ${DEATH_DEADLINE_MS / 1_000} s, found it alive: its event loop may stand still`)
  }
  const words = owned.lastLines(60).split('\n').find((line) => /out of memory|allocation failed|bad_alloc|ENOMEM|cannot allocate/i.test(line))
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
  const limit = `${how} at ${Math.round(bytes / 2 ** 20)} MiB of address space`
  return words === undefined ? { saw: `${limit}, without a word about memory`, outOfMemory: false } : { saw: `${limit}: ${words.trim().slice(0, 160)}`, outOfMemory: true }
}

function addressSpace(pid: number): number {
  const kib = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`expected VmSize in /proc/${pid}/status, found none`)
  return Number(kib) * 1_024
}
