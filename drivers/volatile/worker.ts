// The volatile driver's worker and client in one: a map of runs. Nothing outlives the process, on purpose.
import { Rejected } from '../../contract/errors.ts'
import type { Capability, Client, Outcome, RunningWorker, Support, WorkerHost } from '../../contract/driver.ts'
import { Run, type Engine } from './run.ts'

const absent: Outcome = { status: 'absent' }
const running: Outcome = { status: 'running' }
// Shared by all calls: at 100k starts a second every promise counts.
const started = Promise.resolve('started' as const)
const existing = Promise.resolve('existing' as const)
const done = Promise.resolve()

export function startWorker(host: WorkerHost): Promise<RunningWorker> {
  // Ends are kept as text: one object a run for the garbage collector to walk through instead of a dozen.
  const runs = new Map<string, Run | string>()
  const seen = (id: string): Outcome => {
    const found = runs.get(id)
    return found === undefined ? absent : found instanceof Run ? running : (JSON.parse(found) as Outcome)
  }

  const engine: Engine = {
    host,
    capabilities: host.config as Readonly<Record<Capability, Support>>,
    ended: (id, outcome) => void runs.set(id, JSON.stringify(outcome)),
    launch(scenario, id, input) {
      const found = host.scenarios.get(scenario)
      if (found === undefined) throw new Rejected(`no scenario '${scenario}'; known: ${[...host.scenarios.keys()].join(', ')}`)
      const run = new Run(engine, found, id)
      runs.set(id, run)
      run.begin(input)
      return run
    },
  }

  const client: Client = {
    start({ scenario, id, input }) {
      if (runs.has(id)) return existing
      engine.launch(scenario, id, input)
      return started
    },
    outcome(id) {
      const found = runs.get(id)
      return found instanceof Run ? found.whenEnded() : Promise.resolve(seen(id))
    },
    outcomes: (ids) => Promise.resolve(new Map(ids.map((id) => [id, seen(id)]))),
    signal({ id, name, payload, signalId }) {
      find(id, 'signal').deliver(name, payload, signalId)
      return done
    },
    cancel(id) {
      find(id, 'cancel').cancel()
      return done
    },
    [Symbol.asyncDispose]: () => done,
  }

  function find(id: string, verb: string): Run {
    const found = runs.get(id)
    if (found instanceof Run) return found
    throw new Rejected(found === undefined ? `no run '${id}' in this worker to ${verb}` : `run '${id}' has ended (${seen(id).status}); it can't be reached by ${verb}`)
  }

  return Promise.resolve({ client, stop: () => done })
}
