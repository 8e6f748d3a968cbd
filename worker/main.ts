// The one entry of every worker and app process. It prints `ready` when it can work, stops gracefully on SIGTERM, and ends at
// once when its stdin closes, for then its harness is gone.
import { flushCompileCache } from 'node:module'
import type { Client, RunningWorker, WorkerModule } from '../contract/driver.ts'
import { scenarios } from '../scenarios/index.ts'
import { checked } from './checked.ts'
import { createHost, type OwnedHost } from './host.ts'
import { serveIntake } from './intake.ts'
import { leak, leakMessage } from './leak.ts'
import { readSettings, type WorkerSettings } from './settings.ts'
import { toldBefore, watchStandstills } from './standstill.ts'

process.stdin.resume().on('end', () => process.exit(0))

const settings = readSettings()
const module = (await import(settings.module)) as WorkerModule
const host = createHost(settings, scenarios)
const running = settings.role === 'app' ? await asApp(module, settings) : await asWorker(module, host)
const intake = settings.socket === null ? null : await serveIntake(checked(needed(running.client), settings.module), settings.socket)

process.on('SIGTERM', () => {
  intake?.close()
  running.stop().then(
    () => {
      host.close()
      process.exit(0)
    },
    (error: unknown) => {
      console.error('the worker did not stop cleanly:', error)
      process.exit(1)
    },
  )
})
process.on('message', (message) => {
  if (message === leakMessage) leak()
})
console.log('ready')
watchStandstills((standstill) => {
  if (process.send === undefined) console.log(`${toldBefore}${JSON.stringify(standstill)}`)
  else if (process.connected) process.send(standstill)
})
// Node writes its cache of compiled code, where there is one, at a clean end, which a worker may not come to.
flushCompileCache()

async function asWorker(loaded: WorkerModule, owned: OwnedHost): Promise<{ client: Client | undefined; stop(): Promise<void> }> {
  const worker: RunningWorker = await loaded.startWorker(owned)
  return { client: worker.client, stop: () => worker.stop() }
}

async function asApp(loaded: WorkerModule, { config, module: url }: WorkerSettings): Promise<{ client: Client; stop(): Promise<void> }> {
  if (loaded.connect === undefined) throw new Error(`expected ${url} to export connect(config), since its placement is remote; found none`)
  const connected = await loaded.connect(config)
  return { client: connected, stop: () => connected[Symbol.asyncDispose]() as Promise<void> }
}

function needed(found: Client | undefined): Client {
  if (found === undefined) throw new Error(`expected startWorker of ${settings.module} to give a client, since its placement is embedded; found none`)
  return found
}
