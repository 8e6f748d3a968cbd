// Runs step bodies, the same way for every engine: ledger, failpoints, nonce. Engines call `execute` and store the Reply.
import { Refused } from '../contract/errors.ts'
import { hash32 } from '../contract/random.ts'
import type { BodyPoint, StepExecution, WorkerHost } from '../contract/driver.ts'
import type { Reply } from '../contract/logs.ts'
import type { Scenario, StepSpec } from '../contract/scenario.ts'
import type { World } from '../contract/world.ts'
import { createWorldClient } from '../world/client.ts'
import { openBareLedger, type BareLedger } from './bare-ledger.ts'
import { loadFailpoints, type Target } from './failpoints.ts'
import { nonces } from './nonces.ts'
import type { WorkerSettings } from './settings.ts'

export interface OwnedHost extends WorkerHost {
  /** Closes the ledger with its end record: a clean stop. */
  close(): void
}

const noWorld = new Proxy({} as World, {
  get: (_target, name) => () => Promise.reject(new Refused(`a step with effect 'none' called world.${String(name)}; declare its effect`)),
})

export function createHost(settings: WorkerSettings, scenarios: ReadonlyMap<string, Scenario>): OwnedHost {
  const { incarnation } = settings.slot
  const world = createWorldClient(settings.worldUrl)
  const failpoints = loadFailpoints(settings.failpoints, incarnation)
  const nextNonce = nonces(incarnation)
  let ledger: BareLedger | null = null
  const bareLedger = (folder: string): BareLedger => (ledger ??= openBareLedger(folder, incarnation, settings.runId))

  function known(scenario: string, step: string): StepSpec | Refused {
    return scenarios.get(scenario)?.steps[step] ?? new Refused(`scenario '${scenario}' has no step '${step}'; it has ${Object.keys(scenarios.get(scenario)?.steps ?? {}).join(', ')}`)
  }

  async function bare(found: StepSpec, call: StepExecution): Promise<Reply> {
    const { workflowId, seq, after, key } = call
    const v = await found.run(noWorld, call.input.i, { workflowId, seq, after, key, signal: neverAborts })
    const n = nextNonce()
    if (settings.ledgerFolder !== null) {
      await bareLedger(settings.ledgerFolder).append(indexOf(call.workflowId), call.seq, n, lastNonce(call.input.p))
    }
    return { v, n }
  }

  async function effectful(found: StepSpec, call: StepExecution): Promise<Reply> {
    const { workflowId, seq, step, key, input } = call
    const signal = AbortSignal.timeout(found.timeoutMs)
    const inputHash = hash32(JSON.stringify(input.i))
    const bound = world.bind({ workflowId, seq, step, key, inputHash, source: incarnation, prev: input.p, keyed: found.effect === 'keyed' }, signal)
    const v = await found.run(bound.world, input.i, { ...call, signal })
    const reply = bound.replies.at(-1)
    if (reply === undefined) throw new Refused(`step '${step}' declares effect '${found.effect}' but did not call the world`)
    return { v, n: reply.nonce, e: reply.effect }
  }

  async function stepped(found: StepSpec, call: StepExecution, target: Target): Promise<Reply> {
    await target.passed('before-effect')
    const reply = await body(found, call)
    await target.passed('after-effect')
    // A race with the recorder, so classified by what is then observed, never called exact.
    if (target.binds('after-return')) setImmediate(() => target.reached('after-return'))
    return reply
  }

  const body = (found: StepSpec, call: StepExecution): Promise<Reply> => (found.effect === 'none' ? bare(found, call) : effectful(found, call))

  return {
    config: settings.config,
    slot: settings.slot,
    scenarios: ofVersion(scenarios, settings.slot.version),
    spec(scenario, step) {
      const found = known(scenario, step)
      if (found instanceof Refused) throw found
      return found
    },
    execute(call) {
      const found = known(call.scenario, call.step)
      if (found instanceof Refused) return Promise.reject(found)
      const target = failpoints.at(call.workflowId, call.seq)
      return target === undefined ? body(found, call) : stepped(found, call, target)
    },
    reached(point: BodyPoint, workflowId, seq) {
      failpoints.at(workflowId, seq)?.reached(point)
    },
    fatal(message): never {
      console.error(`fatal: ${message}`)
      process.exit(70)
    },
    close() {
      ledger?.close()
      void world.close()
    },
  }
}

/** A build has the bodies of one version. */
function ofVersion(scenarios: ReadonlyMap<string, Scenario>, version: string): ReadonlyMap<string, Scenario> {
  return new Map([...scenarios].map(([name, scenario]) => {
    const workflow = scenario.bodies?.[version]
    return [name, workflow === undefined ? scenario : { ...scenario, version, workflow }]
  }))
}

const neverAborts = new AbortController().signal

/** The number at the end of the id, digit by digit: at full rate a slice and a parse of it can be told. */
function indexOf(workflowId: string): number {
  let index = 0
  let tens = 1
  let at = workflowId.length - 1
  for (let digit = workflowId.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = workflowId.charCodeAt(--at) - 48) {
    index += digit * tens
    tens *= 10
  }
  if (tens === 1 || workflowId[at] !== '-') throw new Refused(`steps with effect 'none' need a workflow id that ends in -<number>, found '${workflowId}'`)
  return index
}

function lastNonce(prev: StepExecution['input']['p']): number {
  const last = prev.at(-1)
  return typeof last === 'number' ? last : 0
}
