// A disk of the store's own: an ext4 file system in a file, on a loop device, so that its power can be cut and its room can run out
// while the host goes on. What a write cache of a real device would lose beyond that is not shown: what reached the device stays.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Guard } from '../../processes/guard.ts'
import type { Undo } from '../../processes/guard-protocol.ts'
import { ServiceError } from '../error.ts'
import { shutDown } from './shutdown.ts'
import { runTool } from './tool.ts'

/** Sparse: it takes of the host's disk what is written to it. */
const SIZE_BYTES = 2 * 1024 ** 3
const MARKER_BYTES = 8_192
const UNMOUNT_DEADLINE_MS = 10_000
const POLL_MS = 20

export interface Disk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string
  /** Files made here so far are on the device from now on. */
  settle(): Promise<void>
  /** Cuts its power: what was not synced is gone. Nothing can be written until `restore`. */
  cut(): Promise<void>
  /** After the last process that used it has ended. Resolves with what the cut did to two files of ours, one synced, one not. */
  restore(): Promise<string>
  /** Leaves no room; resolves with how much it took. */
  fill(): Promise<string>
  /** Gives the room back. */
  makeRoom(): Promise<void>
}

let made = 0

/** Makes it in `folder`, which the guard removes; the owner may write there. */
export async function makeDisk(folder: string, guard: Guard, owner: { readonly uid: number; readonly gid: number } | null, sizeBytes = SIZE_BYTES): Promise<Disk> {
  const name = `disk-${++made}`
  const [image, path] = [join(folder, `${name}.img`), join(folder, name)]
  const [synced, unsynced, ballast] = [join(path, 'synced'), join(path, 'unsynced'), join(path, 'ballast')]
  const undo: Undo = ['umount', '-l', path]
  closeSync(openSync(image, 'wx'))
  truncateSync(image, sizeBytes)
  // Nothing reserved for root, a small journal, few inodes: it lives for minutes.
  await runTool(['mkfs.ext4', '-q', '-F', '-m', '0', '-i', '65536', '-J', 'size=4', '-E', 'lazy_itable_init=0,lazy_journal_init=1', image])
  mkdirSync(path)

  async function mount(): Promise<void> {
    guard.trackUndo(undo)
    // mount takes a free loop device, which the kernel frees with the last use of it.
    await runTool(['mount', '-t', 'ext4', '-o', 'loop,noatime', image, path])
  }

  /** A process that is being ended may hold it for a moment. */
  async function unmount(): Promise<void> {
    for (const deadline = performance.now() + UNMOUNT_DEADLINE_MS; ; await sleep(POLL_MS)) {
      const failed = await runTool(['umount', path]).then(() => null, (error: unknown) => error as Error)
      if (failed === null || /not mounted/.test(failed.message)) break
      if (performance.now() > deadline) throw failed
    }
    guard.untrackUndo(undo)
  }

  await mount()
  if (owner !== null) await runTool(['chown', `${owner.uid}:${owner.gid}`, path])

  return {
    path,
    settle: async () => void (await runTool(['sync', '-f', path])),
    async cut() {
      write(synced, 'synced')
      write(unsynced, 'not synced')
      await shutDown(path)
    },
    async restore() {
      await unmount()
      // 1: it replayed the journal and mended what that left; more is damage.
      await runTool(['e2fsck', '-p', image], [0, 1])
      await mount()
      const lost = [unsynced, synced].map((file) => !readable(file))
      if (!lost[0] || lost[1]) throw new ServiceError({ expected: 'a file that was not synced to be gone after the cut, and one that was to be there', found: `the first ${lost[0] ? 'gone' : 'there'}, the second ${lost[1] ? 'gone' : 'there'}`, todo: 'take no result of this cut: the file system went on writing' })
      for (const file of [unsynced, synced]) rmSync(file, { force: true })
      return 'a file written before the cut and not synced is gone, a synced one is there'
    },
    async fill() {
      const { bavail, bsize } = statfsSync(path)
      await runTool(['fallocate', '-l', String(bavail * bsize - spareBytes(bsize)), ballast])
      // What fallocate could not have (its own bookkeeping), byte by byte.
      const file = openSync(ballast, 'a')
      try {
        for (;;) writeSync(file, Buffer.alloc(bsize))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        closeSync(file)
      }
      return `${statfsSync(path).bavail} blocks free of ${statfsSync(path).blocks}`
    },
    makeRoom: async () => rmSync(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      await unmount()
      rmSync(image, { force: true })
    },
  }
}

/** For the extents of a file that takes nearly everything. */
function spareBytes(blockBytes: number): number {
  return 16 * blockBytes
}

function write(path: string, how: 'synced' | 'not synced'): void {
  const file = openSync(path, 'w')
  writeSync(file, Buffer.alloc(MARKER_BYTES, how))
  if (how === 'synced') fsyncSync(file)
  closeSync(file)
}

/** A file whose name was saved and whose content was not is as good as none. */
function readable(path: string): boolean {
  try {
    return readFileSync(path).length === MARKER_BYTES && readFileSync(path).includes('synced')
  } catch {
    return false
  }
}
