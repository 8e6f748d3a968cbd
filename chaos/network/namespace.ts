// A network namespace that lives as long as a process of ours does: it has no name and no mount, so when the guard has ended that
// process and those inside, the kernel takes namespace and cables away, and nothing is left to undo.
import { execFile } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'

const pollMs = 5
const openDeadlineMs = 10_000
const commandDeadlineMs = 10_000
/** `ip` lies where only administrators' paths look. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`

export type Argv = readonly [program: string, ...args: string[]]

export interface Namespace extends AsyncDisposable {
  /** Whose /proc shows this network. */
  readonly pid: number
  /** The argv that runs the program of this one inside. */
  readonly inside: (argv: Argv) => Argv
  /** Runs a shell script inside. */
  run(script: string): Promise<void>
}

/** Rejects with the system's own words where that is not allowed. */
export async function openNamespace(guard: Guard, logFolder: string): Promise<Namespace> {
  const holder = spawnOwned({ argv: ['unshare', '--net', '--', 'sleep', 'infinity'], logFile: join(logFolder, 'network.log'), guard })
  const inside = (argv: Argv): Argv => ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--', ...argv]
  for (const deadline = performance.now() + openDeadlineMs; [networkOf(process.pid), null].includes(networkOf(holder.pid)); await sleep(pollMs)) {
    if (holder.exit !== null) throw new Error(holder.lastLines(1))
    if (performance.now() > deadline) throw new Error(`expected unshare to make a network namespace within ${openDeadlineMs / 1e3} s, found none`)
  }
  return {
    pid: holder.pid,
    inside,
    run: (script) => runScript(script, inside),
    async [Symbol.asyncDispose]() {
      await holder.kill()
    },
  }
}

/** One that somebody else holds: this process is in it. Its own loopback is taken away, since addresses of loopback are to leave it. */
export async function heldNamespace(pid: number, release: () => Promise<void>): Promise<Namespace> {
  const inside = (argv: Argv): Argv => ['nsenter', `--net=/proc/${pid}/ns/net`, '--', ...argv]
  await runScript('ip address flush dev lo', inside)
  return { pid, inside, run: (script) => runScript(script, inside), [Symbol.asyncDispose]: release }
}

/** Runs it as `sh -e` does; rejects with its first complaint. */
export async function runScript(script: string, inside: (argv: Argv) => Argv = (argv) => argv): Promise<void> {
  const [program, ...args] = inside(['sh', '-ec', script])
  try {
    await promisify(execFile)(program, args, { timeout: commandDeadlineMs, env: { ...process.env, PATH: path } })
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    throw new Error((stderr ?? '').trim().split('\n')[0] || message, { cause: error })
  }
}

/** null: it is gone. */
function networkOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return null
  }
}
