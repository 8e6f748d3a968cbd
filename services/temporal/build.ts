// Builds Temporal's server and its SQL tool from the module in this folder (go.mod and go.sum pin every byte), once per user: the
// binaries are cached by all that decides them. A build goes to a temporary folder and is renamed, so a killed one leaves nothing half.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { ServiceError } from '../error.ts'
import { findGo, serverVersion } from './go.ts'

const PROGRESS_MS = 10_000
const FLAGS = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-tags', 'disable_grpc_modules'] as const
const here = import.meta.dirname

export interface Binaries {
  readonly server: string
  readonly sqlTool: string
}

interface BuildOptions {
  readonly folder: string
  readonly guard: Guard
  readonly onProgress: (text: string) => void
}

/** From the cache, or built into it. */
export async function temporalBinaries({ folder, guard, onProgress }: BuildOptions): Promise<Binaries> {
  const go = await findGo()
  if (!go.ok) throw new ServiceError({ expected: "a Go that can build Temporal's server", found: go.why, todo: go.how })
  const target = join(cacheFolder(), cacheKey(go.version))
  const cached = programs(target)
  if (existsSync(cached.server) && existsSync(cached.sqlTool)) return cached

  onProgress(`building Temporal's server ${serverVersion} with Go ${go.version}: the first time on a machine takes about 8 minutes and 3.5 GB (downloads included); kept in ${target}`)
  await mkdir(cacheFolder(), { recursive: true })
  const building = await mkdtemp(`${target}.building-`)
  guard.trackPath(building)
  const startedMs = performance.now()
  const ticker = setInterval(() => onProgress(`building Temporal's server: ${Math.round((performance.now() - startedMs) / 1000)} s`), PROGRESS_MS)
  try {
    const { server, sqlTool } = programs(building)
    await build(go.program, server, 'go.temporal.io/server/cmd/server', folder, guard)
    await build(go.program, sqlTool, 'go.temporal.io/server/cmd/tools/sql', folder, guard)
    await rename(building, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error // Else another harness was faster, with the same bytes.
    })
    onProgress(`built Temporal's server in ${Math.round((performance.now() - startedMs) / 1000)} s`)
    return cached
  } finally {
    clearInterval(ticker)
    await rm(building, { recursive: true, force: true })
    guard.untrackPath(building)
  }
}

async function build(go: string, output: string, program: string, folder: string, guard: Guard): Promise<void> {
  const logFile = join(folder, 'temporal-build.log')
  // GOFLAGS of the user's would change the result but not its key.
  const owned = spawnOwned({ argv: [go, 'build', ...FLAGS, '-o', output, program], cwd: here, env: { CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' }, logFile, guard })
  const { code } = await owned.exited
  if (code === 0) return
  const lines = owned.lastLines(15)
  const todo = /no space left on device/i.test(lines) ? 'make room on the disk (about 3.5 GB in the caches of go and 0.3 GB here)' : 'see whether this machine reaches the Go module proxy (GOPROXY)'
  throw new ServiceError({ expected: `go build ${program} to succeed`, found: `exit code ${code}:\n${lines}`, todo })
}

function programs(folder: string): Binaries {
  return { server: join(folder, 'temporal-server'), sqlTool: join(folder, 'temporal-sql-tool') }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'durabench')
}

function cacheKey(goVersion: string): string {
  const hash = createHash('sha256').update(readFileSync(join(here, 'go.sum'))).update(JSON.stringify([goVersion, FLAGS, process.platform, process.arch]))
  return `temporal-${serverVersion}-${hash.digest('hex').slice(0, 16)}`
}
