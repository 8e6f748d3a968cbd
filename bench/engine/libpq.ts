// Builds bench/engine/c with the C compiler and libpq of this machine. Neither comes with npm, so a machine may lack them: then
// the rows that need them say so.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Place } from './place.ts'
import type { Lack } from './row.ts'

const run = promisify(execFile)
const how = 'apt-get install gcc libpq-dev, or your system\'s C compiler and libpq headers, then run it again'
const sources = fileURLToPath(new URL('./c/', import.meta.url))

/** The program's path, or what is missing. Built once a run of the command. */
export function rawProgram(place: Place): Promise<string | Lack> {
  return place.once('libpq', () => build(join(place.folder('c'), 'raw')))
}

async function build(program: string): Promise<string | Lack> {
  const files = readdirSync(sources).filter((name) => name.endsWith('.c')).map((name) => join(sources, name))
  try {
    const flags = await libpqFlags()
    await run(process.env['CC'] ?? 'cc', ['-O2', '-std=gnu11', '-o', program, ...files, ...flags])
    return program
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    return { state: 'unavailable', why: `no C program with libpq can be built here (${(stderr || message).trim().split('\n')[0]}): ${how}` }
  }
}

async function libpqFlags(): Promise<string[]> {
  const ask = async (option: string): Promise<string> => (await run('pg_config', [option])).stdout.trim()
  try {
    const library = await ask('--libdir')
    return [`-I${await ask('--includedir')}`, `-L${library}`, `-Wl,-rpath,${library}`, '-lpq']
  } catch {
    const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'libpq'])
    return stdout.trim().split(/\s+/)
  }
}
