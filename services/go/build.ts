// Builds programs from a Go module of ours (go.mod and go.sum pin every byte), once per user: they are cached by all that decides
// them. A build goes to a temporary folder and is renamed, so a killed one leaves nothing half.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { ServiceError } from '../error.ts'
import { findGo, pinnedVersion, type GoModule } from './toolchain.ts'

const PROGRESS_MS = 10_000

export interface GoBuild<Program extends string> extends GoModule {
  /** Packages by the names of the programs that they become. */
  readonly programs: Readonly<Record<Program, string>>
  readonly flags: readonly string[]
  /** What a first build costs, for who waits for it. */
  readonly cost: string
}

interface BuildOptions {
  /** For its log. */
  readonly folder: string
  readonly guard: Guard
  readonly onProgress: (text: string) => void
}

/** Paths by name, from the cache or built into it. */
export async function goPrograms<Program extends string>(wanted: GoBuild<Program>, { folder, guard, onProgress }: BuildOptions): Promise<Readonly<Record<Program, string>>> {
  const { title, cost } = wanted
  const go = await findGo(wanted)
  if (!go.ok) throw new ServiceError({ expected: `a Go that can build ${title}`, found: go.why, todo: go.how })
  const target = join(cacheFolder(), cacheKey(wanted, go.version))
  const names = Object.keys(wanted.programs) as Program[]
  const cached = Object.fromEntries(names.map((name) => [name, join(target, name)])) as Record<Program, string>
  if (names.every((name) => existsSync(cached[name]))) return cached

  onProgress(`building ${title} ${pinnedVersion(wanted)} with Go ${go.version}: the first time on a machine takes ${cost}; kept in ${target}`)
  await mkdir(cacheFolder(), { recursive: true })
  const building = guard.makeFolder(`${target}.building-`)
  const startedMs = performance.now()
  const ticker = setInterval(() => onProgress(`building ${title}: ${Math.round((performance.now() - startedMs) / 1000)} s`), PROGRESS_MS)
  try {
    for (const name of names) await build({ go: go.program, output: join(building, name), wanted, program: wanted.programs[name], logFile: join(folder, 'go-build.log'), guard })
    await rename(building, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error // Else another harness was faster, with the same bytes.
    })
    onProgress(`built ${title} in ${Math.round((performance.now() - startedMs) / 1000)} s`)
    return cached
  } finally {
    clearInterval(ticker)
    await rm(building, { recursive: true, force: true })
    guard.untrackPath(building)
  }
}

interface ProgramBuild {
  readonly go: string
  readonly output: string
  readonly wanted: Pick<GoBuild<string>, 'folder' | 'flags' | 'cost'>
  readonly program: string
  readonly logFile: string
  readonly guard: Guard
}

async function build({ go, output, wanted, program, logFile, guard }: ProgramBuild): Promise<void> {
  // GOFLAGS of the user's would change the result but not its key.
  const owned = spawnOwned({ argv: [go, 'build', ...wanted.flags, '-o', output, program], cwd: wanted.folder, env: { CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' }, logFile, guard })
  const { code } = await owned.exited
  if (code === 0) return
  const lines = owned.lastLines(15)
  const todo = /no space left on device/i.test(lines) ? `make room on the disk (a first build takes ${wanted.cost})` : 'see whether this machine reaches the Go module proxy (GOPROXY)'
  throw new ServiceError({ expected: `go build ${program} to succeed`, found: `exit code ${code}:\n${lines}`, todo })
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'durabench')
}

function cacheKey(wanted: GoBuild<string>, goVersion: string): string {
  const hash = createHash('sha256').update(readFileSync(join(wanted.folder, 'go.sum'))).update(JSON.stringify([goVersion, wanted.flags, process.platform, process.arch]))
  return `${basename(wanted.folder)}-${pinnedVersion(wanted)}-${hash.digest('hex').slice(0, 16)}`
}
