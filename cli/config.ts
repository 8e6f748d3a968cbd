// Finds and reads durabench.config.ts (or .js, .mjs), before any command is loaded: its scenarios have to be known by then, here and in
// every process that is started. What is wrong with it is the user's to mend, and said in one line.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../bench/usage.ts'
import type { Config } from '../contract/config.ts'
import { ownScenariosVariable } from '../scenarios/own.ts'

const names = ['durabench.config.ts', 'durabench.config.js', 'durabench.config.mjs']

const kinds: Readonly<Record<keyof Config, 'list' | 'number' | 'boolean'>> = {
  drivers: 'list', scenarios: 'list', ownScenarios: 'list', require: 'list',
  minExposures: 'number', seed: 'number', seconds: 'number', workers: 'number', acceptFindings: 'boolean',
}

let config: Config = {}

/** What the project's configuration says; nothing where there is none. */
export function configured(): Config {
  return config
}

/** Takes `--config FILE` out of the flags, and reads that file or the one of the working directory. */
export async function withoutConfig(argv: readonly string[]): Promise<readonly string[]> {
  const at = argv.indexOf('--config')
  const named = at < 0 ? undefined : argv[at + 1]
  if (at >= 0 && named === undefined) throw new UsageError('expected --config to name a file, found nothing')
  if (named !== undefined && !existsSync(named)) throw new UsageError(`expected --config to name a file, found none at ${resolve(named)}`)
  const file = named ?? names.find((name) => existsSync(name))
  if (file !== undefined) config = await read(resolve(file))
  return at < 0 ? argv : argv.toSpliced(at, 2)
}

async function read(file: string): Promise<Config> {
  const { default: found } = await load(file, () => import(pathToFileURL(file).href) as Promise<{ readonly default?: unknown }>)
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new UsageError(`expected ${file} to export a configuration: export default defineConfig({ … }), found ${found === undefined ? 'no default export' : JSON.stringify(found)}`)
  for (const [name, value] of Object.entries(found)) check(file, name, value)
  const { drivers, require, ownScenarios = [], ...rest } = found as Config
  // A path is meant from the file that says it, whoever reads it where.
  const absolute = (path: string): string => resolve(dirname(file), path)
  const driver = (name: string): string => (/^[./]/.test(name) ? absolute(name) : name)
  const modules = ownScenarios.map(absolute)
  for (const path of modules) if (!existsSync(path)) throw new UsageError(`expected ownScenarios of ${file} to name modules, found no file ${path}`)
  if (modules.length > 0) {
    process.env[ownScenariosVariable] = JSON.stringify(modules.map((path) => pathToFileURL(path).href))
    await load(file, () => import('../scenarios/index.ts'))
  }
  return { ...rest, ...(drivers === undefined ? {} : { drivers: drivers.map(driver) }), ...(require === undefined ? {} : { require: require.map(driver) }) }
}

async function load<T>(file: string, importing: () => Promise<T>): Promise<T> {
  try {
    return await importing()
  } catch (error) {
    throw new UsageError(`expected ${file} and what it names to load, found: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function check(file: string, name: string, value: unknown): void {
  if (!Object.hasOwn(kinds, name)) throw new UsageError(`expected ${file} to say ${Object.keys(kinds).join(', ')}, found '${name}'`)
  const kind = kinds[name as keyof Config]
  const fits = kind === 'list' ? Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string') : kind === 'number' ? Number.isInteger(value) : typeof value === kind
  if (!fits) throw new UsageError(`expected ${name} of ${file} to be ${{ list: 'a list of texts', number: 'a whole number', boolean: 'true or false' }[kind]}, found ${JSON.stringify(value)}`)
}
