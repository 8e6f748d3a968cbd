// Baselines in a process of their own, with an event loop that nobody shares: one module each, started on the same Node as the
// workers are. Its settings come through the environment, since an address holds a password; its figures are its last line.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from '../../contract/json.ts'
import { spawnOwned, type OwnedProcess } from '../../processes/spawn.ts'
import type { Place } from './place.ts'

export type Figures = Readonly<Record<string, number>>

/** What every solo is told; more is its own. */
export interface SoloSettings {
  readonly url: string
  readonly seconds: number
  readonly warmupSeconds: number
}

/** What a solo's module exports. `tell` prints a line that the harness may wait for. */
export interface SoloModule {
  readonly measure: (settings: SoloSettings, tell: (line: string) => void) => Promise<Figures>
}

export const soloVariable = 'DURABENCH_SOLO'
export const figuresPrefix = 'figures '

const startMs = 120_000

type Told = { readonly url: string } & Readonly<Record<string, Json>>

/** Runs it to its end. @throws with the end of its log when it failed */
export async function runSolo(place: Place, module: URL, told: Told, nodeArgs: readonly string[] = []): Promise<Figures> {
  await using solo = startSolo(place, module, told, nodeArgs)
  const figures = await figuresOf(place, solo)
  await solo.exited // a profile is written on the way out
  return figures
}

/** For one that is to be killed, or to be waited for by a line of its own. */
export function startSolo(place: Place, module: URL, told: Told, nodeArgs: readonly string[] = []): OwnedProcess {
  const { seconds, warmupSeconds } = place.timing
  return spawnOwned({
    argv: [process.execPath, '--expose-gc', ...nodeArgs, fileURLToPath(import.meta.resolve('./solo-main.ts')), module.href],
    env: { [soloVariable]: JSON.stringify({ seconds, warmupSeconds, ...told }) },
    logFile: join(place.folder('solo'), 'log'),
    guard: place.guard,
    stdin: 'pipe',
  })
}

async function figuresOf({ timing }: Place, solo: OwnedProcess): Promise<Figures> {
  const line = await solo.line((text) => text.startsWith(figuresPrefix), startMs + (timing.seconds + timing.warmupSeconds) * 1e3)
  return JSON.parse(line.slice(figuresPrefix.length)) as Figures
}
