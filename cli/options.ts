// Flags, checked before anything starts: an unknown or malformed one is refused with what was expected.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../bench/usage.ts'
import type { ServiceProvider } from '../contract/plan.ts'
import { ownScenarioNames } from '../scenarios/index.ts'
import { configured } from './config.ts'
import { driverNames } from '../drivers/index.ts'
import type { Addresses } from '../services/index.ts'
import { mustOwn } from './ownership.ts'

export const runFlags = {
  seed: { type: 'string' }, drivers: { type: 'string' }, scenarios: { type: 'string' }, seconds: { type: 'string' },
  workers: { type: 'string' }, out: { type: 'string' }, require: { type: 'string' }, json: { type: 'boolean' },
  'min-exposures': { type: 'string' }, 'accept-findings': { type: 'boolean' }, postgres: { type: 'string' }, temporal: { type: 'string' }, toxiproxy: { type: 'string' }, 'i-own-this': { type: 'string' },
  services: { type: 'string' },
} as const satisfies ParseArgsConfig['options']

/** One crash is an anecdote: with thirty the rate of failures is below a tenth. */
export const usualExposures = 30

type RunValues = { readonly [Name in keyof typeof runFlags]?: ((typeof runFlags)[Name]['type'] extends 'boolean' ? boolean : string) | undefined }

export interface RunFlags {
  readonly seed: number
  readonly drivers: readonly string[]
  readonly scenarios: readonly string[]
  readonly seconds: number
  readonly workers: number
  /** Fewer exposures than this decide nothing. */
  readonly minExposures: number
  readonly out: string | undefined
  readonly require: readonly string[]
  readonly json: boolean
  readonly acceptFindings: boolean
  readonly services: ServiceProvider
  readonly addresses: Addresses
}

export interface RunDefaults {
  readonly drivers: readonly string[]
  readonly scenarios: readonly string[]
  /** All that the command can play; left out: the defaults. */
  readonly playable?: readonly string[]
}

export function readRunFlags(argv: readonly string[], defaults: RunDefaults): RunFlags {
  return runFlagsOf(parse(argv, runFlags, false).values, defaults)
}

export function runFlagsOf(values: RunValues, defaults: RunDefaults): RunFlags {
  const addresses = readAddresses(values)
  mustOwn(addresses, values['i-own-this'])
  const own = configured()
  const playable = defaults.playable === undefined ? defaults.scenarios : [...defaults.playable, ...ownScenarioNames]
  const meant = own.scenarios?.filter((name) => playable.includes(name)) ?? []
  return {
    seed: whole('seed', values.seed ?? own.seed?.toString(), 1, 0, 2 ** 31),
    drivers: known('drivers', values.drivers ?? own.drivers?.join(','), defaults.drivers, driverNames),
    scenarios: known('scenarios', values.scenarios, meant.length > 0 ? meant : defaults.scenarios, playable),
    seconds: whole('seconds', values.seconds ?? own.seconds?.toString(), 5, 1, 3_600),
    workers: whole('workers', values.workers ?? own.workers?.toString(), 2, 1, 64),
    minExposures: whole('min-exposures', values['min-exposures'] ?? own.minExposures?.toString(), usualExposures, 1, 1_000_000),
    out: values.out,
    require: known('require', values.require ?? own.require?.join(','), [], driverNames),
    json: values.json ?? false,
    acceptFindings: values['accept-findings'] ?? own.acceptFindings ?? false,
    addresses,
    services: provider(values.services),
  }
}

function provider(text = 'embedded'): ServiceProvider {
  if (text !== 'embedded' && text !== 'docker') throw new UsageError(`expected --services to be embedded or docker, found '${text}'`)
  return text
}

export function parse<O extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], options: O, allowPositionals: boolean): ReturnType<typeof parseArgs<{ options: O; allowPositionals: boolean; strict: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals, strict: true })
  } catch (error) {
    const [message] = (error as Error).message.split('\n')
    const flags = Object.keys(options).map((name) => `--${name}`).join(' ')
    throw new UsageError(`${message!.replace(/\.$/, '')}; ${flags === '' ? 'this command has no flags' : `flags of this command: ${flags}`}`)
  }
}

/** Whether anybody answers there is looked at later; what is no address at all is refused here. */
export function readAddresses({ postgres, temporal, toxiproxy }: { readonly [Name in 'postgres' | 'temporal' | 'toxiproxy']?: string | undefined }): Addresses {
  if (postgres !== undefined && !isPostgresUrl(postgres)) {
    throw new UsageError('expected --postgres to be an address like postgres://USER:PASSWORD@HOST:PORT/DATABASE, found a text that is none (not shown, it may hold a password); special characters of a password are written as %XX')
  }
  for (const [name, address, like] of [['temporal', temporal, '127.0.0.1:7233'], ['toxiproxy', toxiproxy, '127.0.0.1:8474']] as const) {
    if (address !== undefined && !/^([^\s:/@]+|\[[0-9a-f:]+\]):\d{1,5}$/i.test(address)) throw new UsageError(`expected --${name} to be HOST:PORT without a scheme or path, like ${like}, found '${address}'`)
  }
  const temporalNamespace = process.env['TEMPORAL_NAMESPACE'] || undefined
  return {
    ...(postgres === undefined ? {} : { postgres }),
    ...(temporal === undefined ? {} : { temporal, ...(temporalNamespace === undefined ? {} : { temporalNamespace }) }),
    ...(toxiproxy === undefined ? {} : { toxiproxy }),
  }
}

function isPostgresUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== ''
}

export function whole(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) throw new UsageError(`expected --${name} to be a whole number from ${least} to ${most}, found '${text}'`)
  return value
}

/** What a flag names, in the order in which it was given. Own drivers are named by a path. */
export function known(name: string, text: string | undefined, fallback: readonly string[], names: readonly string[]): readonly string[] {
  if (text === undefined) return fallback
  const asked = text.split(',').map((item) => item.trim()).filter((item) => item !== '')
  if (asked.length === 0) throw new UsageError(`expected --${name} to name at least one of ${names.join(', ')}, found nothing`)
  for (const item of asked) {
    if (names.includes(item)) continue
    const path = (name === 'drivers' || name === 'require') && /^[./]/.test(item)
    if (path && existsSync(item) && statSync(item).isDirectory()) throw new UsageError(`expected --${name} to name a driver's module, found the folder ${resolve(item)}; name the file in it`)
    if (path && !existsSync(item)) throw new UsageError(`expected --${name} to name a driver's module, found no file ${resolve(item)}`)
    if (!path) throw new UsageError(`expected --${name} to name some of ${names.join(', ')}${name === 'drivers' ? ', or a module by a path that begins with . or /' : ''}, found '${item}'`)
  }
  return [...new Set(asked)]
}
