// Takes a running container's memory away, step by step: each time as much as it doesn't use at that moment, so that what it needs next is
// not there. The kernel then kills its largest process, and the engine says so.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '../../processes/exit.ts'
import type { Container } from './client.ts'

const DEADLINE_MS = 20_000
const POLL_MS = 50
/** Docker's least. */
const LEAST_BYTES = 6 * 2 ** 20
/** What is left free of a limit, since none may be below what is in use: twice as much whenever its use had outgrown it meanwhile. */
const ROOM_BYTES = 2 ** 20
const UNLIMITED = -1

interface Squeezed {
  /** The last limit, in words. */
  readonly limit: string
  readonly giveBack: () => Promise<void>
}

/** Resolves when it has ended, or when that took too long. */
export async function squeeze(container: Container, exited: Promise<Exit>): Promise<Squeezed> {
  let bytes = 0
  let room = ROOM_BYTES
  const over = exited.then(() => true)
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline;) {
    const used = await usedBytes(container)
    if (used > 0) {
      const next = Math.max(LEAST_BYTES, used + room)
      const taken = await container.update({ Memory: next, MemorySwap: next }).then(() => true, () => false)
      if (taken) bytes = next
      room = taken ? ROOM_BYTES : 2 * room
    }
    if (await Promise.race([over, sleep(POLL_MS, false)])) break
  }
  return { limit: `${Math.round(bytes / 2 ** 20)} MiB`, giveBack: async () => void (await container.update({ Memory: UNLIMITED, MemorySwap: UNLIMITED })) }
}

/** Without what the kernel would drop for it; 0: it is over. */
async function usedBytes(container: Container): Promise<number> {
  const { memory_stats: { usage = 0, stats = {} } = {} } = (await container.stats({ stream: false, 'one-shot': true })) as unknown as { memory_stats?: { usage?: number; stats?: Record<string, number> } }
  return usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0)
}
