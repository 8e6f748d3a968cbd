// What a server runs in, as one thing to hurt: all of its processes, or a container. Each call reaches all of it and resolves when the
// kernel (or the container engine) shows that it took hold.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '../processes/exit.ts'
import type { OwnedProcess } from '../processes/spawn.ts'
import type { ProcessRow } from '../processes/table.ts'
import { families, processTable, signal, standStill } from '../processes/table.ts'
import { ServiceError } from './error.ts'

const POLL_MS = 20
const SIGNAL_DEADLINE_MS = 10_000

export interface Body {
  readonly exited: Promise<Exit>
  /** null while it lives. */
  readonly exit: Exit | null
  /** The end of its log. */
  lastLines(count: number): string
  /** What is left of one that has ended, too. */
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Asks it to end by itself, and kills it after the grace. */
  end(name: NodeJS.Signals, graceMs: number): Promise<void>
  /** As this machine numbers them; empty where it can't see them. */
  pids(): number[]
}

/** `strays`: processes of it that are no descendants of the one that was spawned. */
export function processes(owned: OwnedProcess, name: string, strays: (table: ReadonlyMap<number, ProcessRow>) => number[] = () => []): Body {
  function rows(): ProcessRow[] {
    const table = processTable()
    return [...families([...(owned.exit === null ? [owned.pid] : []), ...strays(table)], table)].map((pid) => table.get(pid)!)
  }

  /** Again and again, since a process may fork between the look and the signal. */
  async function signalAll(sent: NodeJS.Signals, done: (left: ProcessRow[]) => boolean): Promise<void> {
    const deadline = performance.now() + SIGNAL_DEADLINE_MS
    for (let left = rows(); !done(left); left = rows()) {
      if (performance.now() > deadline) throw new ServiceError({ expected: `${sent} to reach all of ${name}`, found: left.map(({ pid, state }) => `${pid} in state ${state}`).join(', '), todo: 'see whether a debugger or a frozen cgroup holds them' })
      for (const { pid } of left) signal(pid, sent)
      await sleep(POLL_MS)
    }
  }

  return {
    exited: owned.exited,
    get exit() {
      return owned.exit
    },
    lastLines: (count) => owned.lastLines(count),
    async kill() {
      await signalAll('SIGKILL', (left) => left.length === 0)
      await owned.exited
    },
    pause: () => signalAll('SIGSTOP', (left) => left.length > 0 && standStill(left)),
    resume: () => signalAll('SIGCONT', (left) => left.every((row) => row.state !== 'T')),
    end: async (sent, graceMs) => void (await owned.terminate(sent, graceMs)),
    pids: () => rows().map(({ pid }) => pid),
  }
}
