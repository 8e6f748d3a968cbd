// What is done to a running container, by the engine and not by signals of ours: it may be another user's, and of a frozen one the engine
// knows how to end it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '../../processes/exit.ts'
import { families, inContainer, processTable } from '../../processes/table.ts'
import { ServiceError } from '../error.ts'
import { statusOf, type Container } from './client.ts'

/** Docker's answers to an order that came too late: it has ended, or it is gone. */
const TOO_LATE = [404, 409, 304]

export async function sendSignal(container: Container, name: NodeJS.Signals): Promise<void> {
  await container.kill({ signal: name }).catch(unlessTooLate)
}

/** The engine's freezer; resolves when the engine says that it holds. */
export async function freeze(container: Container): Promise<void> {
  await container.pause()
  const { State } = await container.inspect()
  if (!State.Paused) throw new ServiceError({ expected: 'a container to be paused', found: `it ${State.Status}`, todo: 'see whether its engine has a cgroup freezer' })
}

export async function thaw(container: Container): Promise<void> {
  await container.unpause()
}

/** The signal, and SIGKILL when it is still there after the grace. */
export async function endWithin(container: Container, name: NodeJS.Signals, graceMs: number, exited: Promise<Exit>): Promise<Exit> {
  await sendSignal(container, name)
  const timer = new AbortController()
  const late = sleep(graceMs, true, { signal: timer.signal }).catch(() => false)
  if (await Promise.race([exited.then(() => false), late])) await sendSignal(container, 'SIGKILL')
  timer.abort()
  return exited
}

/** With its volumes. */
export async function discard(container: Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(unlessTooLate)
}

/** Of the container whose first process this is, as this machine numbers them; none where it runs in a machine of its own. */
export function pidsOf(first: number, id: string): number[] {
  return inContainer(first, id) ? [...families([first], processTable())] : []
}

function unlessTooLate(error: unknown): void {
  if (!TOO_LATE.includes(statusOf(error) ?? 0)) throw error
}
