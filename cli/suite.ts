// durabench suite KIND DRIVER: plays the cases of durabench/suite, one line each; the same command, told to list or to serve, is
// what a test runner's side of the suite speaks with (suite/index.ts).
import { createInterface } from 'node:readline'
import { aborted } from 'node:util'
import type { Driver } from '../contract/driver.ts'
import { exitCodes } from '../bench/exit.ts'
import { loadOwn } from '../bench/engines.ts'
import { UsageError } from '../bench/usage.ts'
import { driverNames, loadDriver } from '../drivers/index.ts'
import { scenarios } from '../scenarios/index.ts'
import { availability, type Addresses } from '../services/index.ts'
import { Undecided, type Case, type SuiteSettings } from '../suite/case.ts'
import { conformanceCases } from '../suite/conformance.ts'
import { crashCases } from '../suite/crash.ts'
import { matrixCases } from '../suite/matrix.ts'
import { Stand } from '../suite/stand.ts'
import { separator, type Answer, type Listed } from '../suite/wire.ts'
import { interruptions } from './interruption.ts'
import { known, parse, readAddresses, whole } from './options.ts'

const kinds = ['crash', 'conformance', 'matrix'] as const
const flags = {
  seed: { type: 'string' }, scenario: { type: 'string' }, workers: { type: 'string' }, 'min-exposures': { type: 'string' }, lacks: { type: 'string' }, out: { type: 'string' },
  postgres: { type: 'string' }, temporal: { type: 'string' }, only: { type: 'string' }, list: { type: 'boolean' }, serve: { type: 'boolean' },
} as const

export async function suite(argv: readonly string[]): Promise<number> {
  const { values, positionals: [kind, named, ...more] } = parse(argv, flags, true)
  const chosen = kinds.find((one) => one === kind)
  if (chosen === undefined || named === undefined || more.length > 0) throw new UsageError(`expected a kind (${kinds.join(', ')}) and a driver, as in: durabench suite crash ./driver.ts; found '${[kind, named, ...more].filter(Boolean).join(' ')}'`)
  const name = known('drivers', named, [], driverNames)[0]!
  const driver = driverNames.includes(name) ? await loadDriver(name) : await loadOwn(name)
  const settings: SuiteSettings = {
    seed: whole('seed', values.seed, 1, 0, 2 ** 31),
    scenario: known('scenario', values.scenario, ['purchase'], [...scenarios.keys()])[0]!,
    workers: whole('workers', values.workers, 2, 1, 64),
    minExposures: whole('min-exposures', values['min-exposures'], 1, 1, 1_000_000),
    lacks: values.lacks === undefined ? [] : values.lacks.split(',').map((one) => one.trim()),
  }
  const addresses = readAddresses(values)
  const cases = await casesOf(chosen, driver, settings, addresses)
  if (values.list === true) {
    if (values.serve === true) console.log(`${separator}${JSON.stringify(cases.map(({ name, skip }): Listed => ({ name, skip })))}`)
    else for (const one of cases) console.log(one.skip === '' ? one.name : `${one.name} (skipped: ${one.skip})`)
    return exitCodes.ok
  }
  const wanted = values.only === undefined ? cases : cases.filter(({ name }) => name === values.only)
  if (wanted.length === 0) throw new UsageError(`expected --only to name a case, found '${values.only}'; the cases are:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`)
  const { seed, scenario, workers, lacks } = settings
  const command = `npx durabench suite ${chosen} ${named} --seed ${seed}${chosen === 'conformance' ? (lacks.length === 0 ? '' : ` --lacks ${lacks.join(',')}`) : ` --scenario ${scenario} --workers ${workers}`}`
  const over = interruptions()
  await using stand = await Stand.open({ driver, addresses, out: values.out, command })
  return await (values.serve === true ? serve(wanted, stand, over) : playAll(wanted, stand, over))
}

async function casesOf(kind: (typeof kinds)[number], driver: Driver, settings: SuiteSettings, addresses: Addresses): Promise<Case[]> {
  const scenario = scenarios.get(settings.scenario)!
  const cases =
    kind === 'conformance' ? conformanceCases(driver, settings, driver.needs.includes('postgres') && addresses.postgres === undefined)
    : kind === 'crash' ? crashCases(driver, scenario, settings)
    : matrixCases(driver, scenario, settings)
  const found = await Promise.all(driver.needs.map((need) => availability(need, addresses)))
  const missing = found.flatMap((one) => (one.ok ? [] : [`${one.why}; ${one.how}`])).join('; ')
  return missing === '' ? cases : cases.map((one) => ({ ...one, skip: missing }))
}

async function playAll(cases: readonly Case[], stand: Stand, over: AbortSignal): Promise<number> {
  const failures: number[] = []
  for (const one of cases) {
    if (one.skip !== '') console.log(`- ${one.name} (${one.skip})`)
    if (one.skip !== '') continue
    const error = await outcome(one, stand, over)
    if (over.aborted) return exitCodes.interrupted
    if (error !== null) failures.push(error instanceof Undecided ? exitCodes.invalid : exitCodes.violation)
    console.log(error === null ? `✓ ${one.name}` : `✗ ${one.name}\n${error.message.replaceAll(/^/gm, '    ')}`)
  }
  return failures.length === 0 ? exitCodes.ok : Math.min(...failures)
}

/** Until its runner is gone. */
async function serve(cases: readonly Case[], stand: Stand, over: AbortSignal): Promise<number> {
  const names = createInterface({ input: process.stdin })
  void aborted(over, process).then(() => names.close())
  process.stdin.once('end', () => process.exit(exitCodes.interrupted)) // A case at work has nobody to be told to; the guard cleans up.
  for await (const line of names) {
    const name = JSON.parse(line) as string
    const error = await outcome(cases.find((one) => one.name === name)!, stand, over)
    console.log(`${separator}${JSON.stringify({ name, error: error?.message ?? null } satisfies Answer)}`)
  }
  return over.aborted ? exitCodes.interrupted : exitCodes.ok
}

async function outcome(one: Case, stand: Stand, over: AbortSignal): Promise<Error | null> {
  const stopped = aborted(over, process).then(() => new Undecided('interrupted'))
  return Promise.race([stopped, one.play(stand).then(() => null, (error: unknown) => (error instanceof Error ? error : new Error(String(error))))])
}
