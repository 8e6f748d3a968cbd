// Is there a Go that can build the server? Missing or too old is an answer, not an error: a bench without Temporal is still a bench.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Availability = { readonly ok: true; readonly provider: string } | { readonly ok: false; readonly why: string; readonly how: string }
export type Go = { readonly ok: true; readonly program: string; readonly version: string } | Extract<Availability, { ok: false }>

const goMod = readFileSync(new URL('./go.mod', import.meta.url), 'utf8')
const neededGo = /^go (\S+)$/m.exec(goMod)![1]!
export const serverVersion = /go\.temporal\.io\/server v(\S+)/.exec(goMod)![1]!

/** The program is `go` on the PATH, or what the variable GO names. */
export async function findGo(): Promise<Go> {
  const program = process.env['GO'] ?? 'go'
  const how = `install Go ${neededGo} or newer (https://go.dev/dl/), name it with GO=/path/to/go, or give a server of your own with --temporal HOST:PORT`
  try {
    // local: the version that is here, not one that go would download for the occasion.
    const { stdout } = await run(program, ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' }, timeout: 20_000 })
    const version = stdout.trim().replace(/^go/, '')
    if (!isAtLeast(version, neededGo)) return { ok: false, why: `Temporal's server ${serverVersion} needs Go ${neededGo} to build, ${program} is ${version}`, how }
    return { ok: true, program, version }
  } catch (error) {
    return { ok: false, why: `Temporal's server is built from source, and no Go was found: ${(error as Error).message.split('\n')[0]}`, how }
  }
}

function isAtLeast(version: string, needed: string): boolean {
  const [have, want] = [version, needed].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (let i = 0; i < want!.length; i++) {
    const difference = (have![i] ?? 0) - want![i]!
    if (difference !== 0) return difference > 0
  }
  return true
}
