// Runs the real command as a user's shell would, in a temporary folder of its own, so that whatever a run leaves behind is seen:
// processes by an inherited variable or by where they work, files by what is left in that folder.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { environmentOf, processTable } from '../../processes/table.ts'

const shim = fileURLToPath(new URL('../../bin/durabench.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number
  /** The harness itself, below the shim; null once it is gone. */
  harness(): number | null
  readonly ended: Promise<Ended>
  /** Resolves when either stream has said it. */
  said(text: string, withinMs?: number): Promise<void>
  /** Closes the reading end of its stdout, as `| head` does. */
  stopReading(): void
  /** As a terminal does: to every process of the shell's foreground group. */
  interrupt(): void
}

export interface Room extends Disposable {
  readonly folder: string
  start(argv: readonly string[], env?: NodeJS.ProcessEnv): Running
  run(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>
  /** Living processes and temporary files that came from commands of this room. */
  remains(): string[]
  /** What remains after at most 5 s. */
  settled(): Promise<string[]>
}

export function room(): Room {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'accident-')))
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  // Postgres may run as another user, who has to reach its data.
  for (const path of [folder, temporary]) chmodSync(path, 0o755)

  function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(process.execPath, [shim, ...argv], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1', ...env } })
    return running(child as ChildProcess & { pid: number })
  }

  const remains = (): string[] => [
    ...[...processTable().values()].filter(({ pid }) => isOurs(pid, temporary)).map(({ pid, program }) => `process ${pid} ${program}`),
    ...readdirSync(temporary).filter((name) => name.startsWith('durabench')).map((name) => `temporary ${name}`),
  ]
  return {
    folder, start, remains,
    run: (argv, env) => start(argv, env).ended,
    async settled() {
      for (const deadline = performance.now() + 5_000; performance.now() < deadline && remains().length > 0;) await delay(50)
      return remains()
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function running(child: ChildProcess & { readonly pid: number }): Running {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name]!.setEncoding('utf8').on('data', (chunk: string) => void (text[name] += chunk))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, ...text }))
  return {
    pid: child.pid, ended,
    harness: () => [...processTable().values()].find(({ ppid }) => ppid === child.pid)?.pid ?? null,
    async said(what, withinMs = 30_000) {
      for (const deadline = performance.now() + withinMs; !(text.stdout + text.stderr).includes(what); await delay(10)) {
        if (child.exitCode !== null || performance.now() > deadline) throw new Error(`expected the command to say '${what}', found:\n${text.stdout}${text.stderr}`)
      }
    },
    stopReading: () => child.stdout!.destroy(),
    interrupt: () => void process.kill(-child.pid, 'SIGINT'),
  }
}

function isOurs(pid: number, temporary: string): boolean {
  if (pid === process.pid) return false
  if (environmentOf(pid).includes(`TMPDIR=${temporary}`)) return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(temporary)
  } catch {
    return false // Gone meanwhile.
  }
}
