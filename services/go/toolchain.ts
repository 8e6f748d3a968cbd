// Is there a Go that can build a server of ours? Missing or too old is an answer, not an error: a bench without that server is
// still a bench.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** `caveat`: in what it differs from what its users run, shown wherever its figures are. */
export type Availability = { readonly ok: true; readonly provider: string; readonly caveat?: string } | { readonly ok: false; readonly why: string; readonly how: string }
export type Go = { readonly ok: true; readonly program: string; readonly version: string } | Extract<Availability, { ok: false }>

/** A server that is built from a Go module of ours, which pins it: go.mod and go.sum lie in its folder. */
export interface GoModule {
  readonly folder: string
  /** As people read it: `Temporal's server`. */
  readonly title: string
  /** Of its main module, as go.mod has it. */
  readonly module: string
  /** How to do without building it. */
  readonly instead: string
}

/** Its version, as go.mod pins it. */
export function pinnedVersion({ folder, module }: GoModule): string {
  return new RegExp(`${module.replaceAll('.', '\\.')} v(\\S+)`).exec(goMod(folder))![1]!
}

/** The program is `go` on the PATH, or what the variable GO names. */
export async function findGo(wanted: GoModule): Promise<Go> {
  const program = process.env['GO'] ?? 'go'
  const needed = /^go (\S+)$/m.exec(goMod(wanted.folder))![1]!
  const how = `install Go ${needed} or newer (https://go.dev/dl/), name it with GO=/path/to/go, or ${wanted.instead}`
  try {
    // local: the version that is here, not one that go would download for the occasion.
    const { stdout } = await run(program, ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' }, timeout: 20_000 })
    const version = stdout.trim().replace(/^go/, '')
    if (!isAtLeast(version, needed)) return { ok: false, why: `${wanted.title} ${pinnedVersion(wanted)} needs Go ${needed} to build, ${program} is ${version}`, how }
    return { ok: true, program, version }
  } catch (error) {
    return { ok: false, why: `${wanted.title} is built from source, and no Go was found: ${(error as Error).message.split('\n')[0]}`, how }
  }
}

function goMod(folder: string): string {
  return readFileSync(join(folder, 'go.mod'), 'utf8')
}

function isAtLeast(version: string, needed: string): boolean {
  const [have, want] = [version, needed].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (let i = 0; i < want!.length; i++) {
    const difference = (have![i] ?? 0) - want![i]!
    if (difference !== 0) return difference > 0
  }
  return true
}
