// How a container ended, in the words of a process: Docker tells a status, in which 128 and more stands for a signal.
import { constants } from 'node:os'
import type { Exit } from '../../processes/exit.ts'
import type { Container } from './client.ts'

const FIRST_SIGNAL = 128
const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]))

/** Resolves when it doesn't run any more. */
export async function endOf(container: Container): Promise<Exit> {
  const { StatusCode: status } = (await container.wait()) as { StatusCode: number }
  return exitOf(status)
}

export function exitOf(status: number): Exit {
  const signal = names.get(status - FIRST_SIGNAL) ?? null
  return { code: signal === null ? status : null, signal, atMs: Number(process.hrtime.bigint()) / 1e6 }
}
