// What a worker in a container says: its output goes to its log file, as a process's own does, and lines that are meant for the harness
// are told, since no channel leads out of a container. The connection is also its input, which ends when the harness does.
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { toldBefore } from '../../worker/standstill.ts'
import type { Client, Container } from './client.ts'

interface Listening {
  /** Everything that it said is in the file. */
  readonly said: Promise<void>
}

/** To be called before it starts. */
export async function listen({ container: { dockerode } }: Client, container: Container, logFile: string, told: (message: unknown) => void): Promise<Listening> {
  const connection = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })
  const said = new PassThrough()
  dockerode.modem.demuxStream(connection, said, said)
  connection.on('end', () => said.end())
  connection.on('error', () => said.end())
  createInterface({ input: said }).on('line', (line) => {
    if (line.startsWith(toldBefore)) told(JSON.parse(line.slice(toldBefore.length)))
  })
  return { said: finished(said.pipe(createWriteStream(logFile, { flags: 'a' }))).catch(() => undefined) }
}
