// What differs from Temporal's own defaults (its config template for a single host), and why: shown in every report.
import type { Setting } from '../postgres/settings.ts'

export const temporalSettings: readonly Setting[] = [
  { name: 'DB', value: 'postgres12_pgx', why: 'the same Postgres as the other engines; the default is Cassandra' },
  { name: 'LOG_LEVEL', value: 'warn', why: 'info writes several lines a workflow, which would be measured too' },
  { name: 'PROMETHEUS_ENDPOINT', value: '127.0.0.1:<port>', why: "its own metrics are shown beside the harness's figures" },
  { name: 'dynamic config', value: '{}', why: 'the server wants such a file; nothing in it is changed unless a variant says so' },
]

/** Only where a plan hurts one of its services. */
export const splitSetting: Setting = { name: 'start --service', value: 'each of the four services in a process of its own', why: 'so that one of them can be killed; the default is all in one' }

/** Of the dev server. */
export const devServerSettings: readonly Setting[] = [
  { name: 'server', value: 'dev server, SQLite', why: 'neither Go nor containers were to be had; its users run it on a database server' },
  { name: '--db-filename', value: '<file>', why: 'without one it keeps everything in memory' },
  { name: '--log-level', value: 'warn', why: 'info writes several lines a workflow, which would be measured too' },
]

/** What a driver's variant changes in a server of ours. */
export function variantSettings(dynamicConfig: Readonly<Record<string, string>>): readonly Setting[] {
  return Object.entries(dynamicConfig).map(([name, value]) => ({ name, value, why: "the driver's variant asks for it" }))
}
