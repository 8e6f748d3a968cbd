// Does this machine allow what faults need under a process? Each is tried, in small, since a container may have the programs and not
// the rights. Once a run: it takes a moment.
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Guard } from '../../processes/guard.ts'
import type { Availability } from '../go/toolchain.ts'
import { makeDisk } from './disk.ts'
import { makeShim, shimCompiler } from './shim.ts'
import { shutdownWay } from './shutdown.ts'
import { hasTool } from './tool.ts'

export const grounds = ['disk', 'shim', 'memory'] as const
export type GroundName = (typeof grounds)[number]

const tried = new WeakMap<Guard, Map<GroundName, Promise<Availability>>>()
const tries: Readonly<Record<GroundName, (guard: Guard) => Promise<Availability>>> = { disk, shim, memory }

const tinyDiskBytes = 16 * 2 ** 20
const hourMs = 3_600_000

export function groundAvailability(name: GroundName, guard: Guard): Promise<Availability> {
  const known = tried.get(guard) ?? new Map<GroundName, Promise<Availability>>()
  tried.set(guard, known)
  const found = known.get(name) ?? tries[name](guard)
  known.set(name, found)
  return found
}

async function disk(guard: Guard): Promise<Availability> {
  const lack = (why: string, how: string): Availability => ({ ok: false, why: `a disk of the store's own ${why}`, how })
  if (process.platform !== 'linux') return lack('is a loop device of Linux, found another system', 'run it on Linux')
  if (process.getuid?.() !== 0) return lack('has to be mounted by root, found another user', 'run it as root, or in a container with --privileged')
  const missing = ['mkfs.ext4', 'e2fsck', 'mount', 'umount', 'fallocate'].filter((tool) => !hasTool(tool))
  if (missing.length > 0) return lack(`needs ${missing.join(', ')}, found none`, 'apt-get install e2fsprogs mount util-linux')
  if (shutdownWay() === undefined) return lack('needs perl or python3 to cut its power, found neither', 'apt-get install perl')
  const folder = guard.makeFolder(join(tmpdir(), 'durabench-disk-'))
  try {
    await using tiny = await makeDisk(folder, guard, null, tinyDiskBytes)
    await tiny.cut()
    return { ok: true, provider: `ext4 on a loop device: ${await tiny.restore()}` }
  } catch (error) {
    return lack(`could not be had: ${(error as Error).message}`, 'run it where loop devices may be mounted (a container needs --privileged)')
  }
}

async function shim(guard: Guard): Promise<Availability> {
  const compiler = shimCompiler()
  const lack = (why: string, how: string): Availability => ({ ok: false, why: `a shim before the C library ${why}`, how })
  if (process.platform !== 'linux') return lack('is one for Linux, found another system', 'run it on Linux')
  if (compiler === undefined) return lack('is compiled here, found no C compiler', 'apt-get install gcc libc6-dev')
  try {
    using clock = await makeShim(guard, 'try')
    clock.stepClock(hourMs)
    const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'Date.now()'], { env: clock.env })
    const aheadMs = Number(stdout) - Date.now()
    if (Math.abs(aheadMs - hourMs) > hourMs / 2) return lack(`steps no clock here: expected one to be an hour ahead, found ${Math.round(aheadMs)} ms`, 'use a node that is linked to the C library')
    return { ok: true, provider: `compiled with ${compiler}: a clock that was stepped by an hour was read ${clock.met().clockReads} times` }
  } catch (error) {
    return lack(`could not be had: ${(error as Error).message}`, 'apt-get install gcc libc6-dev')
  }
}

async function memory(): Promise<Availability> {
  if (process.platform !== 'linux' || !hasTool('prlimit')) return { ok: false, why: 'memory is taken from a running process with prlimit, found none', how: 'apt-get install util-linux' }
  return { ok: true, provider: 'prlimit takes the address space of a running worker' }
}
