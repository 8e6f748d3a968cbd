// Tries, on a process of its own, what the faults need of this machine. It tells what it saw, not what should be so.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { tryPartition } from './network/examine.ts'
import { ownerOf } from './relay/owner.ts'

export interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly found: string
}

export async function examine(): Promise<Finding[]> {
  return [await killing(), await pausing(), await linking(), await parting(), environments()]
}

async function killing(): Promise<Finding> {
  const child = sleeper()
  process.kill(-child.pid, 'SIGKILL')
  const signal = await child.exited
  return { what: 'kill', ok: signal === 'SIGKILL', found: `a process group ended by ${signal ?? 'something else'}` }
}

async function pausing(): Promise<Finding> {
  if (!existsSync('/proc/self/stat')) return { what: 'pause', ok: false, found: 'no /proc here, so a stopped process could not be proved; use Linux' }
  const child = sleeper()
  process.kill(-child.pid, 'SIGSTOP')
  await delay(50)
  const state = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? '?'
  process.kill(-child.pid, 'SIGKILL')
  await child.exited
  return { what: 'pause', ok: state === 'T', found: `state ${state} in /proc after SIGSTOP` }
}

/** The relay hits a worker's connections, so it has to know whose they are. */
async function linking(): Promise<Finding> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  const owner = ownerOf(client.localPort!, port, [process.pid])
  client.destroy()
  server.close()
  const ok = owner === process.pid
  return { what: 'link', ok, found: ok ? 'the owner of a connection is known from /proc' : 'no /proc that tells whose a connection is, so none could be cut at a commit; use Linux' }
}

async function parting(): Promise<Finding> {
  const [ok, found] = await tryPartition().then((saw) => [true, saw] as const, (error: unknown) => [false, (error as Error).message] as const)
  return { what: 'partition', ok, found }
}

function environments(): Finding {
  const ok = existsSync('/proc/self/environ')
  return { what: 'clean-up', ok, found: ok ? 'processes of a run are known by a token in their environment' : 'no /proc: after a crash of the harness only registered processes are ended' }
}

function sleeper(): { pid: number; exited: Promise<string | null> } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  const exited = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  return { pid: child.pid!, exited }
}
