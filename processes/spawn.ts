// An owned process: it has a process group of its own, so that signals reach its children and spare the harness; it carries
// the run's token, so that the guard and chaos know it; and it writes to a log file of its own.
import { spawn } from 'node:child_process'
import type { ChildProcess, Serializable } from 'node:child_process'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Guard } from './guard.ts'
import { describe, type Exit } from './exit.ts'
import type { ProcessKind } from './guard-protocol.ts'
import { TOKEN_VARIABLE } from './guard-protocol.ts'
import { lastLines } from './log-tail.ts'
import { lineOf } from './line.ts'
import type { ProcessRow } from './table.ts'
import { processTable, signal, standStill } from './table.ts'

const POLL_MS = 5
const STATE_DEADLINE_MS = 5_000

export interface SpawnSpec {
  readonly argv: readonly [string, ...string[]]
  /** Added to the harness's environment, or all of it with `bareEnv`. */
  readonly env?: Readonly<Record<string, string>>
  /** Nothing is inherited: for servers that a stray variable of the user's would configure. */
  readonly bareEnv?: boolean
  readonly cwd?: string
  /** stdout and stderr are appended to it. */
  readonly logFile: string
  readonly guard: Guard
  readonly kind?: ProcessKind
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly ipc?: boolean
  /** pipe: it ends when the harness does, or at `closeInput`. */
  readonly stdin?: 'pipe' | 'ignore'
}

/** What this run started: a process, or a container around one. */
export interface Owned {
  readonly pid: number
  readonly exited: Promise<Exit>
  /** null while it lives. */
  readonly exit: Exit | null
  /** The first line of its output that matches, earlier ones included; rejects if it exits first or the deadline passes. */
  line(matches: (line: string) => boolean, deadlineMs: number): Promise<string>
  /** The end of its log, for error messages. */
  lastLines(count: number): string
  /** SIGKILL to all of it: a process with its group. */
  kill(): Promise<Exit>
  /** SIGSTOP; resolves when the kernel shows all of it as stopped. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** The signal; SIGKILL for who is still there after graceMs. */
  terminate(name: NodeJS.Signals, graceMs: number): Promise<Exit>
  /** What it tells its harness; of a process with `ipc` only. */
  onMessage(callback: (message: unknown) => void): void
}

/** Disposing it kills it and waits. */
export interface OwnedProcess extends Owned, AsyncDisposable {
  closeInput(): void
  /** With `ipc` only. */
  send(message: Serializable): void
}

/** Starts it; a program that can't be started throws at once. */
export function spawnOwned(spec: SpawnSpec): OwnedProcess {
  const log = openSync(spec.logFile, 'a')
  const logStart = fstatSync(log).size
  try {
    return own(launch(spec, log), spec, logStart)
  } finally {
    closeSync(log)
  }
}

function launch(spec: SpawnSpec, log: number): ChildProcess & { readonly pid: number } {
  const [program, ...args] = spec.argv
  const child = spawn(program, args, {
    detached: true,
    env: { ...(spec.bareEnv ? {} : process.env), ...spec.env, [TOKEN_VARIABLE]: spec.guard.token },
    stdio: [spec.stdin ?? 'ignore', log, log, ...(spec.ipc ? ['ipc' as const] : [])],
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...spec.user,
  })
  // Without a pid the reason arrives as an event, too late for the caller; with one, errors are of its channel, and its exit tells.
  child.on('error', () => {})
  if (child.pid === undefined) {
    throw new Error(`could not start ${program}: expected a program that ${spec.user ? `user ${spec.user.uid}` : 'this user'} may execute${spec.cwd ? `, from ${spec.cwd}` : ''}; check that it exists and its permissions`)
  }
  try {
    spec.guard.track(child.pid, spec.kind)
  } catch (error) {
    signal(-child.pid, 'SIGKILL')
    throw error
  }
  return child as ChildProcess & { readonly pid: number }
}

function own(child: ChildProcess & { readonly pid: number }, spec: SpawnSpec, logStart: number): OwnedProcess {
  const { pid } = child
  let exit: Exit | null = null
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, name) => {
      exit = { code, signal: name, atMs: Number(process.hrtime.bigint()) / 1e6 }
      // A group does not outlive its leader; and once its pid is free, the guard must not know it any more.
      signal(-pid, 'SIGKILL')
      spec.guard.untrack(pid)
      resolve(exit)
    })
  })

  async function stateBecomes(wanted: string, reached: (group: readonly ProcessRow[]) => boolean): Promise<void> {
    for (const deadline = performance.now() + STATE_DEADLINE_MS; exit === null; await sleep(POLL_MS)) {
      const group = [...processTable().values()].filter((row) => row.pgrp === pid)
      if (group.length > 0 && reached(group)) return
      if (performance.now() > deadline) throw new Error(`process ${pid} (${spec.argv[0]}) should be ${wanted}, but after ${STATE_DEADLINE_MS} ms its group is in the states ${group.map((row) => row.state).join(' ')}`)
    }
    throw new Error(`process ${pid} (${spec.argv[0]}) should be ${wanted}, but it ${describe(exit)}`)
  }

  const owned: OwnedProcess = {
    pid,
    exited,
    get exit() {
      return exit
    },
    line: (matches, deadlineMs) => lineOf({ name: spec.argv[0], logFile: spec.logFile, logStart, exit: () => exit }, matches, deadlineMs),
    lastLines: (count) => lastLines(spec.logFile, count),
    kill() {
      if (exit === null) signal(-pid, 'SIGKILL')
      return exited
    },
    pause() {
      if (exit === null) signal(-pid, 'SIGSTOP')
      return stateBecomes('stopped', standStill)
    },
    resume() {
      if (exit === null) signal(-pid, 'SIGCONT')
      return stateBecomes('running', (group) => group.every(({ state }) => state !== 'T'))
    },
    async terminate(name, graceMs) {
      if (exit === null) signal(-pid, name)
      const timer = new AbortController()
      const late = sleep(graceMs, true, { signal: timer.signal }).catch(() => false)
      if (await Promise.race([exited.then(() => false), late])) return owned.kill()
      timer.abort()
      return exited
    },
    closeInput: () => void child.stdin?.end(),
    send(message) {
      if (!child.connected) throw new Error(`process ${pid} (${spec.argv[0]}) has no channel: ${exit === null ? 'spawn it with ipc: true' : `it ${describe(exit)}`}`)
      child.send(message)
    },
    onMessage: (callback) => void child.on('message', callback),
    async [Symbol.asyncDispose]() {
      await owned.kill()
    },
  }
  return owned
}
