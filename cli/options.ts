// Flags, checked before anything starts: an unknown or malformed one is refused with what was expected.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../bench/usage.ts'
import { driverNames } from '../drivers/index.ts'
import { scenarios } from '../scenarios/index.ts'

export const runFlags = {
  seed: { type: 'string' }, drivers: { type: 'string' }, scenarios: { type: 'string' }, seconds: { type: 'string' },
  workers: { type: 'string' }, out: { type: 'string' }, require: { type: 'string' }, json: { type: 'boolean' },
  'accept-findings': { type: 'boolean' }, postgres: { type: 'string' }, temporal: { type: 'string' }, stacks: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options']

export interface RunFlags {
  readonly seed: number
  readonly drivers: readonly string[]
  readonly scenarios: readonly string[]
  readonly seconds: number
  readonly workers: number
  readonly out: string | undefined
  readonly require: readonly string[]
  readonly json: boolean
  readonly acceptFindings: boolean
  readonly addresses: { readonly postgres?: string; readonly temporal?: string }
}

export interface RunDefaults {
  readonly drivers: readonly string[]
  readonly scenarios: readonly string[]
}

export function readRunFlags(argv: readonly string[], defaults: RunDefaults): RunFlags {
  const { values } = parse(argv, runFlags, false)
  if (values.stacks) process.env['DURABENCH_STACKS'] = '1'
  return {
    seed: whole('seed', values.seed, 1, 0, 2 ** 31),
    drivers: known('drivers', values.drivers, defaults.drivers, driverNames),
    scenarios: known('scenarios', values.scenarios, defaults.scenarios, [...scenarios.keys()]),
    seconds: whole('seconds', values.seconds, 5, 1, 3_600),
    workers: whole('workers', values.workers, 2, 1, 64),
    out: values.out,
    require: known('require', values.require, [], driverNames),
    json: values.json ?? false,
    acceptFindings: values['accept-findings'] ?? false,
    addresses: {
      ...(values.postgres === undefined ? {} : { postgres: values.postgres }),
      ...(values.temporal === undefined ? {} : { temporal: values.temporal }),
    },
  }
}

export function parse<O extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], options: O, allowPositionals: boolean): ReturnType<typeof parseArgs<{ options: O; allowPositionals: boolean; strict: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message} Flags of this command: ${Object.keys(options).map((name) => `--${name}`).join(' ')}`)
  }
}

function whole(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) throw new UsageError(`expected --${name} to be a whole number from ${least} to ${most}, found '${text}'`)
  return value
}

/** Own drivers and scenarios are named by a path. */
function known(name: string, text: string | undefined, fallback: readonly string[], names: readonly string[]): readonly string[] {
  if (text === undefined) return fallback
  const asked = text.split(',').map((item) => item.trim()).filter((item) => item !== '')
  if (asked.length === 0) throw new UsageError(`expected --${name} to name at least one of ${names.join(', ')}, found nothing`)
  for (const item of asked) {
    if (!names.includes(item) && !(name === 'drivers' && /^[./]/.test(item))) throw new UsageError(`expected --${name} to name some of ${names.join(', ')}, found '${item}'`)
  }
  return [...new Set(asked)]
}
