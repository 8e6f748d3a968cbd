// The program behind Temporal's dev server: `temporal` on the PATH, or the one that @temporalio/testing downloads, where the user has
// installed that. It has to name itself and the server in it as Temporal's own does, so that no program of the same name is taken for it.
import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ServiceError } from '../error.ts'
import type { Availability } from '../go/toolchain.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 20_000

/** Beside every figure that it gave. */
export const devServerCaveat = 'dev server, SQLite'

export interface DevProgram {
  readonly ok: true
  readonly program: string
  /** Of the command, and of the server in it. */
  readonly version: string
  readonly server: string
  /** As people read it. */
  readonly origin: string
}

type Found = DevProgram | Extract<Availability, { ok: false }>

/** Downloads nothing: what @temporalio/testing would fetch counts, since `devProgram` fetches it. */
export async function findDevServer(): Promise<Found> {
  const onPath = await asked('temporal')
  if (onPath.ok) return onPath
  const [kept] = await downloads()
  if (kept !== undefined) return asked(kept)
  return (await testing()) === null ? onPath : { ok: true, program: '', version: 'not downloaded yet', server: 'as its SDK chooses', origin: '@temporalio/testing, which downloads it' }
}

/** The one that `findDevServer` spoke of, on this disk. */
export async function devProgram(onProgress: (text: string) => void): Promise<DevProgram> {
  let found = await findDevServer()
  if (found.ok && found.program === '') {
    onProgress("downloading Temporal's dev server")
    found = await download()
  }
  if (found.ok) return found
  throw new ServiceError({ expected: "a program of Temporal's dev server", found: found.why, todo: found.how })
}

async function asked(program: string): Promise<Found> {
  const how = `install Temporal's CLI (https://docs.temporal.io/cli) or, in a project of yours, @temporalio/testing; or give a server with --temporal HOST:PORT`
  try {
    const { stdout } = await run(program, ['--version'], { timeout: TIMEOUT_MS })
    const [, version, server] = /^temporal version (\S+) \(Server ([^,)\s]+)/.exec(stdout) ?? []
    if (version === undefined || server === undefined) return { ok: false, why: `${program} is not Temporal's CLI: to --version it says '${stdout.trim().split('\n')[0]!.slice(0, 80)}'`, how }
    return { ok: true, program, version, server, origin: program === 'temporal' ? `temporal ${version} on the PATH` : `temporal ${version}, downloaded` }
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string }
    return { ok: false, why: code === 'ENOENT' ? `there is no program ${program} on the PATH for Temporal's dev server` : `${program} does not run: ${message.split('\n')[0]}`, how }
  }
}

interface Testing {
  readonly TestWorkflowEnvironment: { createLocal(options: { server: { executable: { type: 'cached-download'; downloadDir: string } } }): Promise<{ teardown(): Promise<void> }> }
}

/** null: not installed. It is no dependency, so it is looked up from where the user's project is. */
async function testing(): Promise<Testing | null> {
  const name = '@temporalio/testing'
  return import(name).then((module: unknown) => module as Testing, () => null)
}

/** By the SDK, which knows the version that fits it: its server starts once and ends, and the program stays, in a folder of ours. */
async function download(): Promise<Found> {
  const folder = downloadFolder()
  await mkdir(folder, { recursive: true })
  try {
    const server = await (await testing())!.TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir: folder } } })
    await server.teardown()
  } catch (error) {
    return { ok: false, why: `@temporalio/testing could not download Temporal's dev server: ${(error as Error).message.split('\n')[0]}`, how: 'see whether this machine reaches temporal.download' }
  }
  const [program] = await downloads()
  return program === undefined ? { ok: false, why: `@temporalio/testing left no program in ${folder}`, how: "install Temporal's CLI (https://docs.temporal.io/cli)" } : asked(program)
}

async function downloads(): Promise<string[]> {
  const entries = await readdir(downloadFolder(), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile() && entry.name.startsWith('temporal')).map(({ name }) => join(downloadFolder(), name)).sort().reverse()
}

function downloadFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'durabench', 'temporal-dev-server')
}
