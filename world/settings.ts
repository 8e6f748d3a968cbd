// What the world's process is told, in one environment variable. A wrong value stops it at the start with a sentence, since a
// world that is other than planned would make every figure of the run a lie.
import type { Json } from '../contract/json.ts'

export interface WorldSettings {
  /** Decides latencies, failures and the model's texts. */
  readonly seed: number
  /** A new file; JSON lines of contract/logs.ts. */
  readonly ledgerFile: string
  /** 0 or absent: any free one. */
  readonly port?: number
  /** Log-normal; median 0 switches it off. */
  readonly latency: { readonly medianMs: number; readonly p99Ms: number }
  /** Shares of all attempts, 0 to 1. */
  readonly failures: {
    readonly status429: number
    readonly status500: number
    /** The effect takes place, the answer never comes. */
    readonly hungAfterApplied: number
  }
}

export const worldVariable = 'DURABENCH_WORLD'

/** @throws Error that names the field, what was expected and what was found */
export function readWorldSettings(text: string | undefined): WorldSettings {
  if (text === undefined) throw new Error(`${worldVariable} is not set: expected JSON with seed, ledgerFile, latency and failures`)
  const all = fields(parsed(text), worldVariable)
  const latency = fields(all['latency'], 'latency')
  const failures = fields(all['failures'], 'failures')
  const medianMs = number(latency, 'medianMs', 0, 60_000)
  const settings: WorldSettings = {
    seed: number(all, 'seed', -(2 ** 53), 2 ** 53),
    ledgerFile: nonEmpty(all, 'ledgerFile'),
    port: all['port'] === undefined ? 0 : number(all, 'port', 0, 65_535),
    latency: { medianMs, p99Ms: number(latency, 'p99Ms', medianMs, 600_000) },
    failures: {
      status429: number(failures, 'status429', 0, 1),
      status500: number(failures, 'status500', 0, 1),
      hungAfterApplied: number(failures, 'hungAfterApplied', 0, 1),
    },
  }
  const { status429, status500, hungAfterApplied } = settings.failures
  const share = status429 + status500 + hungAfterApplied
  if (share > 1) throw new Error(`${worldVariable}: expected failures that add up to 1 at most, found ${share}; lower one`)
  return settings
}

type Fields = { readonly [name: string]: Json }

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new Error(`${worldVariable}: expected JSON, found ${text.slice(0, 80)} (${(error as Error).message})`)
  }
}

function fields(value: Json | undefined, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${worldVariable}: expected ${name} to be an object, found ${JSON.stringify(value)}`)
  }
  return value as Fields
}

function number(from: Fields, name: string, min: number, max: number): number {
  const value = from[name]
  if (typeof value === 'number' && value >= min && value <= max) return value
  throw new Error(`${worldVariable}: expected ${name} to be a number from ${min} to ${max}, found ${JSON.stringify(value)}`)
}

function nonEmpty(from: Fields, name: string): string {
  const value = from[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${worldVariable}: expected ${name} to be a path, found ${JSON.stringify(value)}`)
}
