// npm run bench:engine: what the homegrown engine does against its baselines, each row a ratio with its interval, measured in
// interleaved pairs. Lines go to stderr as they come, the table to stdout. docs/homegrown.md tells how to read it.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodes } from '../exit.ts'
import { fingerprint, gitRevision } from '../fingerprint.ts'
import { UsageError } from '../usage.ts'
import { measureRow, type RowResult } from './measure.ts'
import { Place, type Timing } from './place.ts'
import { machineLine, rowLines } from './print.ts'
import { profile } from './profile.ts'
import type { Row } from './row.ts'
import { chooseRows } from './rows/index.ts'
import { fewestPairs } from './verdict.ts'

const help = `npm run bench:engine -- [--only NAME[,NAME]] [--pairs 6] [--seconds 5] [--seed 1] [--json] [--profile FOLDER]`

const options = {
  'only': { type: 'string', default: '' },
  'pairs': { type: 'string', default: String(fewestPairs) },
  'seconds': { type: 'string', default: '5' },
  'seed': { type: 'string', default: '1' },
  'json': { type: 'boolean', default: false },
  'profile': { type: 'string' },
  'help': { type: 'boolean', default: false },
} as const

try {
  const flags = parsed()
  if (flags.help) console.log(help)
  else process.exitCode = await run(chooseRows(flags.only.split(',').filter((name) => name !== '')), timing(flags), flags)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n${help}`)
  process.exitCode = exitCodes.usage
}

type Flags = ReturnType<typeof parsed>

function parsed() {
  try {
    return parseArgs({ options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function timing(flags: Flags): Timing {
  const [pairs, seconds, seed] = [flags.pairs, flags.seconds, flags.seed].map(Number) as [number, number, number]
  if (!(Number.isInteger(pairs) && pairs >= fewestPairs)) throw new UsageError(`expected --pairs to be a whole number from ${fewestPairs}, found ${flags.pairs}: fewer decide nothing`)
  if (!(seconds > 0 && Number.isInteger(seed))) throw new UsageError(`expected --seconds above 0 and a whole --seed, found ${flags.seconds} and ${flags.seed}`)
  return { pairs, seconds, seed, warmupSeconds: Math.min(2, seconds), sweeps: 'all' }
}

/** @returns 0 when every judged row is ok */
async function run(rows: readonly Row[], chosen: Timing, { json, profile: into }: Flags): Promise<number> {
  const tell = (line: string): void => console.error(line)
  await using place = await Place.open(chosen, tell)
  const results: RowResult[] = []
  for (const row of rows) {
    tell(`${row.name}: ${row.about}`)
    const result = await measureRow(row, place)
    results.push(result)
    if (!json) for (const line of rowLines(result)) console.log(line)
    if (into !== undefined && result.state === 'measured') await profileRow(place, row, join(resolve(into), row.name.replaceAll('/', '-')))
  }
  if (json) console.log(JSON.stringify({ command: `bench:engine ${process.argv.slice(2).join(' ')}`, machine: await machineLine(chosen), git: gitRevision(), fingerprint: fingerprint(), timing: chosen, rows: results }, null, 1))
  else console.log(await machineLine(chosen))
  return results.every(({ verdict }) => verdict === 'ok' || verdict === 'shown') ? 0 : 1
}

async function profileRow(place: Place, row: Row, folder: string): Promise<void> {
  const prepared = await row.prepare(place)
  if ('state' in prepared || prepared.profiled === undefined) return
  place.tell(`  ${row.name}: a profile, uncounted, into ${folder}`)
  await profile(place, prepared.profiled, folder).catch((error: unknown) => place.tell(`  ${row.name}: no profile: ${error instanceof Error ? error.message : String(error)}`))
}
