// The world as a process of a point: spawned before the workers, closed after they are gone.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../contract/beside.ts'
import type { Guard } from '../processes/guard.ts'
import { spawnOwned } from '../processes/spawn.ts'

/** How the world behaves in a point, by seed. Latency stands for a fast local API; failures for a mildly flaky one. */
export interface WorldBehaviour {
  readonly latency: { readonly medianMs: number; readonly p99Ms: number }
  readonly failures: { readonly status429: number; readonly status500: number; readonly hungAfterApplied: number }
}

export interface WorldProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Rejects when the world died: what reached it afterwards left no evidence. */
  readonly failed: Promise<never>
  /** Resolves when the ledger saw the nth `applied` of a step. */
  applied(step: string, nth: number, signal: AbortSignal): Promise<void>
  /** Writes the ledger's end line; nothing is answered afterwards. */
  close(): Promise<void>
}

export async function startWorld({ seed, folder, guard, behaviour }: { seed: number; folder: string; guard: Guard; behaviour: WorldBehaviour }): Promise<WorldProcess> {
  const settings = { seed, ledgerFile: join(folder, 'world.jsonl'), port: 0, ...behaviour }
  const owned = spawnOwned({
    argv: [process.execPath, fileURLToPath(moduleBeside(import.meta.url, '../world/main'))],
    env: { DURABENCH_WORLD: JSON.stringify(settings) },
    logFile: join(folder, 'logs', 'world.log'),
    guard,
    stdin: 'pipe',
  })
  const line = await owned.line((text) => text.startsWith('ready '), 20_000)
  const { url } = JSON.parse(line.slice('ready '.length)) as { url: string }
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let ending = false
  void owned.exited.then(({ code, signal }) => {
    if (!ending) failed.reject(new Error(`the world ended with code ${code}, signal ${signal}; its last lines:\n${owned.lastLines(10)}`))
  })
  return {
    url,
    pid: owned.pid,
    failed: failed.promise,
    async applied(step, nth, signal) {
      const answer = await fetch(`${url}/_durabench/applied?step=${encodeURIComponent(step)}&nth=${nth}`, { signal })
      if (!answer.ok) throw new Error(`expected the world to tell of the ${nth}th '${step}', found status ${answer.status}`)
    },
    async close() {
      const answer = await fetch(`${url}/_durabench/close`, { method: 'POST' })
      if (!answer.ok) throw new Error(`expected the world to close its ledger, found status ${answer.status}: the evidence is incomplete`)
    },
    async [Symbol.asyncDispose]() {
      ending = true
      await owned.terminate('SIGTERM', 5_000)
    },
  }
}
