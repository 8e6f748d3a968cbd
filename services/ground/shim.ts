// The page that shim.c maps, seen from the harness. The library is compiled once a run, since a binary that fits every C library
// can't be shipped; that takes a C compiler and a tenth of a second.
import { chmodSync, closeSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Guard } from '../../processes/guard.ts'
import { ServiceError } from '../error.ts'
import { hasTool, runTool } from './tool.ts'

/** Offsets in `struct control`. */
const at = { stepUs: 0, fsyncDelayUs: 8, fsyncErrno: 12, clockReads: 16, fsyncs: 24, bytes: 32 } as const
const compilers = ['cc', 'gcc', 'clang'] as const

export interface Shim extends Disposable {
  /** What a program's environment must hold. */
  readonly env: Readonly<Record<string, string>>
  /** By how much its wall clock is ahead (negative: behind); 0 sets it right. */
  stepClock(ms: number): void
  slowFsync(delayMs: number): void
  /** Each fails with EIO from now on. */
  failFsync(fails: boolean): void
  /** How often the program met it since the shim was made: readings of a stepped clock; fsyncs that were slowed or failed. */
  met(): { readonly clockReads: number; readonly fsyncs: number }
}

const compiled = new WeakMap<Guard, Promise<string>>()

export const shimCompiler = (): string | undefined => compilers.find(hasTool)

/** Every process that is started with its `env` obeys it. `name` tells it from the others of this run. */
export async function makeShim(guard: Guard, name: string): Promise<Shim> {
  const making = compiled.get(guard) ?? compile(guard)
  compiled.set(guard, making)
  making.catch(() => compiled.delete(guard))
  const library = await making
  const path = join(library, '..', `${name}-${performance.now()}`)
  writeFileSync(path, Buffer.alloc(at.bytes), { mode: 0o666 })
  chmodSync(path, 0o666) // whatever the umask: the store may run as another user
  const file = openSync(path, 'r+')
  const set = (offset: number, value: Buffer): void => void writeSync(file, value, 0, value.length, offset)

  return {
    env: { LD_PRELOAD: library, DURABENCH_SHIM: path },
    stepClock(ms) {
      const us = Buffer.alloc(8)
      us.writeBigInt64LE(BigInt(Math.round(ms * 1e3)))
      set(at.stepUs, us)
    },
    slowFsync: (delayMs) => set(at.fsyncDelayUs, word(delayMs * 1e3)),
    failFsync: (fails) => set(at.fsyncErrno, word(fails ? constants.errno.EIO : 0)),
    met() {
      const page = Buffer.alloc(at.bytes)
      readSync(file, page, 0, at.bytes, 0)
      return { clockReads: Number(page.readBigUInt64LE(at.clockReads)), fsyncs: Number(page.readBigUInt64LE(at.fsyncs)) }
    },
    [Symbol.dispose]() {
      closeSync(file)
      rmSync(path, { force: true })
    },
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(Math.round(value))
  return bytes
}

/** The library's path, in a folder that every user may read. */
async function compile(guard: Guard): Promise<string> {
  const compiler = shimCompiler()
  if (compiler === undefined) throw new ServiceError({ expected: `a C compiler (${compilers.join(', ')})`, found: 'none', todo: 'install one: apt-get install gcc libc6-dev' })
  const folder = guard.makeFolder(join(tmpdir(), 'durabench-shim-'))
  chmodSync(folder, 0o755)
  const library = join(folder, 'shim.so')
  await runTool([compiler, '-O2', '-shared', '-fPIC', '-o', library, fileURLToPath(new URL('shim.c', import.meta.url)), '-ldl'])
  return library
}
