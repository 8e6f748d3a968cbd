// The guard process: waits for its stdin to end, then ends all that its harness started, undoes its mounts and the like, and removes
// its temporary paths.
// It errs on the side of thoroughness: a process counts as the harness's by lineage, by group, by token or by working
// directory, because each alone has a gap (Postgres backends lead sessions of their own and hide their environment).
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { GuardMessage, ProcessKind, Undo } from './guard-protocol.ts'
import { GUARD_VARIABLE, TOKEN_VARIABLE } from './guard-protocol.ts'
import { environmentOf, families, postgresIn, processRow, processTable, signal } from './table.ts'

const CLEAN_EXIT_MS = 1_500
const DEADLINE_MS = 4_000
/** Of each: an engine takes a while to remove containers. */
const UNDO_DEADLINE_MS = 20_000
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const token = process.env[GUARD_VARIABLE]
const tracked = new Map<number, { kind: ProcessKind; startTicks: string | undefined }>()
const paths = new Set<string>()
/** By what it says. */
const undos = new Map<string, Undo>()

function handle(line: string): void {
  const message = parse(line)
  if (message === null) return
  if ('track' in message) tracked.set(message.track, { kind: message.kind, startTicks: processRow(message.track)?.startTicks })
  else if ('untrack' in message) tracked.delete(message.untrack)
  else if ('trackPath' in message) paths.add(message.trackPath)
  else if ('untrackPath' in message) paths.delete(message.untrackPath)
  else if ('trackUndo' in message) undos.set(JSON.stringify(message.trackUndo), message.trackUndo)
  else undos.delete(JSON.stringify(message.untrackUndo))
}

/** null: the last line of a harness that was killed in the middle of it. */
function parse(line: string): GuardMessage | null {
  try {
    return JSON.parse(line) as GuardMessage
  } catch {
    return null
  }
}

function living(): Set<number> {
  const table = processTable()
  // A tracked pid that started at another time is someone else's by now; one that is gone may have left its group behind.
  const roots = [...tracked].filter(([pid, { startTicks }]) => !table.has(pid) || table.get(pid)!.startTicks === startTicks).map(([pid]) => pid)
  for (const pid of table.keys()) if (environmentOf(pid).includes(`${TOKEN_VARIABLE}=${token}`)) roots.push(pid)
  for (const path of paths) roots.push(...postgresIn(path, table))
  return new Set([...families(roots, table)].filter((pid) => !isGuard(pid)))
}

/** This process, and the guards of harnesses that this one's harness ran: those have their own to end. */
function isGuard(pid: number): boolean {
  return environmentOf(pid).some((entry) => entry.startsWith(`${GUARD_VARIABLE}=`))
}

/** Postgres is asked first and given CLEAN_EXIT_MS; all else, and Postgres after that, is killed. */
function endOnce(left: ReadonlySet<number>, elapsedMs: number, asked: Set<number>): void {
  const postmasters = [...tracked].filter(([pid, { kind }]) => kind === 'postgres' && left.has(pid)).map(([pid]) => pid)
  const spared = elapsedMs < CLEAN_EXIT_MS ? families(postmasters, processTable()) : new Set<number>()
  for (const pid of left) if (!spared.has(pid)) attempt(pid, 'SIGKILL')
  for (const pid of postmasters.filter((postmaster) => !asked.has(postmaster))) {
    asked.add(pid)
    attempt(pid, 'SIGQUIT')
    // Stopped processes would sleep through it.
    for (const member of spared) attempt(member, 'SIGCONT')
  }
}

/** What can't be ended must not keep the rest alive. */
function attempt(pid: number, name: NodeJS.Signals): void {
  try {
    signal(pid, name)
  } catch {
    // EPERM: another user's. The next look will find it again, until the deadline.
  }
}

async function endAll(): Promise<void> {
  const startedMs = performance.now()
  const asked = new Set<number>()
  // Twice empty, because a process that the harness was about to start when it died shows its token only after its exec.
  for (let empty = 0; empty < 2 && performance.now() - startedMs < DEADLINE_MS; await sleep(20)) {
    const left = living()
    empty = left.size === 0 ? empty + 1 : 0
    endOnce(left, performance.now() - startedMs, asked)
  }
  for (const [program, ...args] of [...undos.values()].reverse()) {
    // What was never done can't be undone.
    await promisify(execFile)(program, args, { env: { PATH: SYSTEM_PATH }, timeout: UNDO_DEADLINE_MS }).catch(() => undefined)
  }
  await Promise.allSettled([...paths].map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })))
}

if (token === undefined) throw new Error(`${GUARD_VARIABLE} is not set; this program is started by the harness`)
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
const lines = createInterface({ input: process.stdin })
lines.on('line', handle)
// exit() rather than running dry: stdout's other end may be gone, and a late error there must not change the outcome.
lines.on('close', () => void endAll().finally(() => process.exit()))
process.stdout.write('ready\n')
