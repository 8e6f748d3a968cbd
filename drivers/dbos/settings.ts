// What the driver and its workers agree on: names in the store and every setting that is not DBOS's default.
import type { Json } from '../../contract/json.ts'

/** The application's name; it scopes workflows and queues in the system database. */
export const applicationName = 'durabench'
/** The queue of the variant `queue`. */
export const queueName = 'durabench_queue'
/** Steps in flight get this long when a worker is asked to stop; DBOS's default cuts them. */
export const drainMs = 2_000
/** DBOS.recv without a time-out gives up after 60 s; a scenario that gives none means to wait. */
export const waitForeverSeconds = 365 * 24 * 3600
/** Ten is DBOS's default; twenty gave a sixth more on two cores, and every engine here gets as many connections. */
export const poolSize = 20

/** Hands the system database's URL to migrate-main.ts: not an argument, which everybody on the machine could read. */
export const databaseVariable = 'DURABENCH_DBOS_DATABASE'

/** `pool`: connections; `poolSize` where it says nothing. */
export type Variant = { readonly queue: boolean; readonly pool?: number }

/** Plain, since it crosses processes. */
export type DbosConfig = { readonly databaseUrl: string; readonly pollMs: number; readonly queue: boolean; readonly pool: number; readonly capabilities: Readonly<Record<string, Json>> }
