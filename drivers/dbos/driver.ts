// DBOS as its open-source users run it: a library in the app's process, one system database in Postgres, no Conductor.
// So recovery is what the library gives alone: a worker that comes back under its own executor id recovers its runs at
// launch; runs of an executor that does not come back wait for an operator's call (Deployment.recover).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Driver } from '../../contract/driver.ts'
import { promises } from './promises.ts'
import { drainMs, poolSize, type Variant } from './settings.ts'

const capabilities: Driver['capabilities'] = {
  'step': 'native', 'all': 'native', 'transact': 'absent', 'sleep': 'native',
  'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  'child': 'native', 'uncancellable': 'absent', 'renew': 'absent', 'cancel': 'native', 'start-dedup': 'native',
  'journal': 'native', 'takeover': 'native', 'upgrade': 'native',
}

const inProcess: Variant = { queue: false }
const queued: Variant = { queue: true }
/** For whoever looks for the best of it on a machine. */
const pools = { 'pool-10': { queue: false, pool: 10 }, 'pool-20': { queue: false, pool: 20 }, 'pool-50': { queue: false, pool: 50 } } satisfies Record<string, Variant>

export const driver: Driver = {
  name: 'dbos',
  title: 'DBOS (TypeScript library on Postgres)',
  needs: ['postgres'],
  placement: 'embedded',
  capabilities,
  promises,
  variants: { default: inProcess, 'queue': queued, ...pools },
  settings: [
    { name: 'executorID', value: 'the slot\'s identity', why: 'the default is "local" for every process; with several workers each needs its own, or their runs can\'t be told apart at recovery' },
    { name: 'applicationVersion', value: 'the slot\'s version', why: 'the default is a hash of the source; only workers of the same version recover a run' },
    { name: 'systemDatabasePoolSize', value: String(poolSize), why: 'the default of 10 bounds the rate first; measured: a sixth more with 20' },
    { name: 'pollingIntervalMs', value: 'pollMs of the time budget', why: 'waiting for a run of another process polls, by default once a second; all engines that poll get the same interval' },
    { name: 'recv timeoutSeconds', value: 'one year where a scenario gives none', why: 'the default gives up after 60 s' },
    { name: 'step backoffRate', value: 'lowered where the policy\'s maxMs binds', why: 'the cap on the pause between attempts is fixed at one hour; a flatter curve ends at maxMs instead' },
    { name: 'shutdown workflowCompletionTimeoutMS', value: String(drainMs), why: 'the default does not wait at all for steps in flight' },
    { name: 'maxRecoveryAttempts', value: 'what a scenario with deadly runs asks for', why: 'the default gives such a run up after 100 recoveries, each of which takes the app down' },
    { name: 'logLevel', value: 'warn', why: 'at info each launch prints its queues and versions' },
    { name: 'variant queue: minPollingIntervalMs', value: 'pollMs of the time budget', why: 'the default polls a queue once a second' },
  ],
  versions: () => ({ 'dbos-sdk': installedVersion() }),
  deploy: async (env) => (await import('./deployment.ts')).deploy(env, capabilities),
}

/** Its package.json is not among its exports, so it is found beside its main file. */
function installedVersion(): string {
  const main = createRequire(import.meta.url).resolve('@dbos-inc/dbos-sdk')
  return (JSON.parse(readFileSync(join(dirname(main), '..', '..', 'package.json'), 'utf8')) as { version: string }).version
}
