// Lies about starts and ends: what a client is told, and what really becomes of its run.
import { Rejected } from '../../../contract/errors.ts'
import type { Client, Outcome } from '../../../contract/driver.ts'
import type { Json } from '../../../contract/json.ts'
import { ask, isOneOf, neighbour, type Database, type Execute, type Lie } from './lie.ts'

/** Of every so many runs one. */
const share = 5
const copy = '~again'

/** Refused, and begun all the same. */
export function rejectsAndRuns(): Lie {
  return {
    client: (client) => ({
      ...client,
      async start(request, signal) {
        const how = await client.start(request, signal)
        if (isOneOf(request.id, share)) throw new Rejected('the queue is full')
        return how
      },
    }),
  }
}

/** A second run of the same id, in everything but the engine's own books. */
function doubling(client: Client, when: (id: string, how: 'started' | 'existing') => boolean): Client {
  return {
    ...client,
    async start(request, signal) {
      const how = await client.start(request, signal)
      if (when(request.id, how)) await client.start({ ...request, id: `${request.id}${copy}` }, signal)
      return how
    },
  }
}

const asTheOriginal = (execute: Execute): Execute => (call) => execute({ ...call, workflowId: call.workflowId.replace(copy, ''), key: call.key.replace(copy, '') })

/** An id that is known is started all the same. */
export const startsTwice = (): Lie => ({ execute: asTheOriginal, client: (client) => doubling(client, (_id, how) => how === 'existing') })

/** Recovery adopts what is at work already. */
export const adoptsTheLiving = (): Lie => ({ execute: asTheOriginal, client: (client) => doubling(client, (id, how) => how === 'started' && isOneOf(id, share)) })

/** Columns of a batch that slipped by a row: each run is begun with the input of the one before it. */
export function mixesInputs(): Lie {
  let before: Json | undefined
  return {
    client: (client) => ({
      ...client,
      start(request, signal) {
        const input = before ?? request.input
        before = request.input
        return client.start({ ...request, input }, signal)
      },
    }),
  }
}

/** A bulk read of a replica that lags. */
export function readsStale(): Lie {
  return {
    client: (client) => ({
      ...client,
      outcomes: async (ids) => new Map([...(await client.outcomes(ids))].map(([id, outcome]): [string, Outcome] => [id, isOneOf(id, share) ? { status: 'running' } : outcome])),
    }),
  }
}

/** Whoever waits for an end is told that of another run. */
export function crossesOutcomes(): Lie {
  return { client: (client) => ({ ...client, outcome: async (id, signal) => {
    const [own, other] = await Promise.all([client.outcome(id, signal), client.outcome(neighbour(id), signal)])
    return isOneOf(id, 2) && other.status === 'completed' ? other : own
  } }) }
}

/** Numbers of an output go through a column of 16 bits. */
export function narrowsNumbers(): Lie {
  const narrowed = (outcome: Outcome): Outcome => (outcome.status === 'completed' ? { status: 'completed', output: narrow(outcome.output) } : outcome)
  return {
    client: (client) => ({
      ...client,
      outcome: async (id, signal) => narrowed(await client.outcome(id, signal)),
      outcomes: async (ids) => new Map([...(await client.outcomes(ids))].map(([id, outcome]) => [id, narrowed(outcome)])),
    }),
  }
}

function narrow(output: Json): Json {
  const { value, ...rest } = output as { value: Record<string, Json> }
  return { ...rest, value: Object.fromEntries(Object.entries(value).map(([name, found]) => [name, typeof found === 'number' ? Math.min(found, 32_767) : found])) }
}

/** A cancel that came too late for the run, and is what its clients are told all the same. */
export function reportsCancelled(database: Database): Lie {
  const withdrawn = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const rows = await ask(database, 'SELECT key FROM $schema.inbox JOIN $schema.wf_key USING (wf) WHERE name = $1 AND key = ANY($2)', [mark, ids])
    return new Set(rows.map(({ key }) => key as string))
  }
  const told = (outcome: Outcome): Outcome => (outcome.status === 'completed' ? { status: 'cancelled' } : outcome)
  return {
    client: (client) => ({
      ...client,
      cancel: (id, signal) => client.signal({ id, name: mark, payload: null, signalId: mark }, signal),
      async outcome(id, signal) {
        const outcome = await client.outcome(id, signal)
        return (await withdrawn([id])).has(id) ? told(outcome) : outcome
      },
      async outcomes(ids) {
        const [outcomes, gone] = [await client.outcomes(ids), await withdrawn(ids)]
        return new Map([...outcomes].map(([id, outcome]) => [id, gone.has(id) ? told(outcome) : outcome]))
      },
    }),
  }
}

const mark = 'withdrawn'
