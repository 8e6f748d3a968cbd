// What a worker or app process is told, in one environment variable. Everything comes from there, so that a process started
// by hand, by chaos or on another machine is the same process.
import type { Json } from '../contract/json.ts'
import type { WorkerSlot } from '../contract/driver.ts'

export interface WorkerSettings {
  /** embedded: worker and app in one; worker: no intake; app: a client behind an intake, no worker. */
  readonly role: 'embedded' | 'worker' | 'app'
  /** URL of the driver's WorkerModule. */
  readonly module: string
  readonly config: Json
  readonly slot: WorkerSlot
  /** Path of the intake's socket; null for a worker without an app. */
  readonly socket: string | null
  readonly worldUrl: string
  /** Folder for the bare ledger; null switches it off (one mode per comparison). */
  readonly ledgerFolder: string | null
  readonly runId: string
  /** File with ArmedFailpoints, read once at the start; null: none. */
  readonly failpoints: string | null
}

export const settingsVariable = 'DURABENCH_WORKER'

export function readSettings(): WorkerSettings {
  const text = process.env[settingsVariable]
  if (text === undefined) throw new Error(`${settingsVariable} is not set: worker/main.ts is spawned by the harness, which puts its settings there as JSON`)
  return JSON.parse(text) as WorkerSettings
}
