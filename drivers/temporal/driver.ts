// Temporal as its users run it: a server of its own, workers of the TypeScript SDK, apps apart. This file is light, so that
// listing drivers loads no SDK; deploy() brings in the rest.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Deployment, Driver, Environment } from '../../contract/driver.ts'
import { capabilities } from './capabilities.ts'
import { promises, serverConfig, settings, variants } from './declared.ts'

// The running server's own word, once deploy has asked it: an external server may be another version than the one we build.
let runningServer: string | null = null

export const driver: Driver = {
  name: 'temporal',
  title: 'Temporal',
  needs: ['postgres', 'temporal'],
  placement: 'remote',
  bundled: true,
  capabilities,
  promises,
  variants,
  serverConfig,
  settings,
  versions: () => ({ server: runningServer ?? requiredServer(), '@temporalio/worker': installedSdk() }),
  async deploy(env: Environment): Promise<Deployment> {
    const { deployTo } = await import('./deployment.ts')
    const { deployment, serverVersion } = await deployTo(env)
    runningServer = serverVersion
    return deployment
  },
}

function installedSdk(): string {
  return (createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string }).version
}

/** What services/temporal builds. */
function requiredServer(): string {
  const mod = readFileSync(new URL('../../services/temporal/go.mod', import.meta.url), 'utf8')
  return /go\.temporal\.io\/server v(\S+)/.exec(mod)?.[1] ?? 'unknown'
}
