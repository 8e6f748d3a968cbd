// Lies about waits: timers, signals, and which of them ended a wait.
import type { Json } from '../../../contract/json.ts'
import type { SignalEnvelope } from '../../../contract/logs.ts'
import { recoveredRuns } from './families.ts'
import { ask, indexOf, isOneOf, neighbour, otherwise, pause, type Database, type Lie, type Mailbox } from './lie.ts'

type Message = Parameters<Mailbox['put']>[0]
type Waiting = { readonly name: string; readonly got: (message: Message) => void } | null

const pollMs = 20

/** A timer in whole units of a clock that runs ahead. */
export const firesEarly = (): Lie => ({ body: (primitives) => otherwise(primitives, {
  sleep: (seq, ms) => primitives.sleep(seq, ms * 0.8),
  signal: (seq, name, timeoutMs) => primitives.signal(seq, name, timeoutMs === undefined ? undefined : timeoutMs * 0.8),
}) })

/** Accepted, and lost before it reached the disk. */
export const losesSignals = (): Lie => ({ client: (client) => ({ ...client, signal: (request, abort) => (isOneOf(request.id, 3) ? Promise.resolve() : client.signal(request, abort)) }) })

/** Delivered to another run, by a subject that both share. */
export const misroutesSignals = (): Lie => ({ client: (client) => ({ ...client, signal: (request, abort) => client.signal({ ...request, id: neighbour(request.id) }, abort) }) })

/** Stored where its run will find it, if the run is awake. */
export function wakesNobody(database: Database): Lie {
  return {
    client: (client) => ({
      ...client,
      async signal({ id, name, payload, signalId }) {
        await ask(database, 'INSERT INTO $schema.inbox (wf, msg_id, name, payload) SELECT wf, $2, $3, $4 FROM $schema.wf_key WHERE key = $1 ON CONFLICT DO NOTHING', [id, signalId, name, JSON.stringify(payload)])
      },
    }),
  }
}

/** Wakes by the first answer, and reads the row again, which by then has the last one's words. */
export function readsLatest(database: Database): Lie {
  return {
    body: (primitives, id) => otherwise(primitives, {
      async signal(seq, name, timeoutMs) {
        const first = await primitives.signal(seq, name, timeoutMs)
        if (first === 'timeout') return first
        await pause(100)
        const latest = await answerOf(database, id, name, 'last')
        return { got: { ...(first.got as SignalEnvelope), p: latest!.p } }
      },
    }),
  }
}

/** What a wait came to is not recorded: whoever recovers the run finds out for itself, and reads another answer than the first. */
export function forgetsDecisions(database: Database): Lie {
  const recovered = recoveredRuns(database)
  return {
    store: recovered.watch,
    body: (primitives, id) => otherwise(primitives, {
      async signal(_seq, name, timeoutMs = Infinity) {
        const untilMs = performance.now() + timeoutMs
        for (;;) {
          const answer = await answerOf(database, id, name, recovered.has(id) ? 'last' : 'first')
          if (answer !== null) return { got: answer }
          if (performance.now() >= untilMs) return 'timeout'
          await pause(pollMs)
        }
      },
    }),
  }
}

async function answerOf(database: Database, id: string, name: string, which: 'first' | 'last'): Promise<SignalEnvelope | null> {
  const [row] = await ask(database, `SELECT payload FROM $schema.inbox JOIN $schema.wf_key USING (wf) WHERE key = $1 AND name = $2 ORDER BY n ${which === 'last' ? 'DESC' : ''} LIMIT 1`, [id, name])
  return row === undefined ? null : (JSON.parse(row['payload'] as string) as SignalEnvelope)
}

/** Keeps nothing that nobody waits for, as an inbox that is emptied when it is read. */
export function forgetsEarly(database: Database): Lie {
  return {
    mailbox: () => {
      let waiting: Waiting = null
      return {
        put(message) {
          if (waiting?.name !== message.name) return void drop(database, message)
          const { got } = waiting
          waiting = null
          got(message)
        },
        consumed: () => undefined,
        take: () => undefined,
        wait(name, got) {
          const mine = (waiting = { name, got })
          return () => {
            if (waiting === mine) waiting = null
          }
        },
      }
    },
  }
}

async function drop(database: Database, message: Message): Promise<void> {
  await ask(database, 'DELETE FROM $schema.inbox WHERE n = $1', [message.n])
}

/** Takes what is offered as often as it is offered, and by whoever waits, unless told to look at the name. */
function naive({ dedups, looksAtNames }: { readonly dedups: boolean; readonly looksAtNames: boolean }): Mailbox {
  const kept: Message[] = []
  const seen = new Set<string>()
  let waiting: Waiting = null
  const fits = (name: string, message: Message): boolean => !looksAtNames || message.name === name
  return {
    put(message) {
      if (dedups && seen.has(message.id)) return
      seen.add(message.id)
      if (waiting === null || !fits(waiting.name, message)) return void kept.push(message)
      const { got } = waiting
      waiting = null
      got(message)
    },
    consumed: (ids) => ids.forEach((id) => seen.add(id)),
    take(name) {
      const at = kept.findIndex((message) => fits(name, message))
      return at < 0 ? undefined : kept.splice(at, 1)[0]
    },
    wait(name, got) {
      const mine = (waiting = { name, got })
      return () => {
        if (waiting === mine) waiting = null
      }
    },
  }
}

export const takesAnyName = (): Lie => ({ mailbox: () => naive({ dedups: true, looksAtNames: false }) })

/** A transport that delivers at least once, and a reader who takes it for once. */
export const takesTwice = (): Lie => ({
  mailbox: () => {
    const mailbox = naive({ dedups: false, looksAtNames: true })
    return { ...mailbox, put: (message) => [1, 2].forEach(() => mailbox.put(message)) }
  },
})

/** A waiter that has timed out stays on the list, and swallows the next message. */
export function swallowsAfterTimeout(database: Database): Lie {
  return {
    mailbox: () => {
      const mailbox = naive({ dedups: true, looksAtNames: true })
      let gone: string | null = null
      return {
        ...mailbox,
        put(message) {
          if (gone !== message.name) return mailbox.put(message)
          gone = null
          mailbox.consumed([message.id])
          void drop(database, message)
        },
        wait(name, got) {
          let came = false
          const stop = mailbox.wait(name, (message) => {
            came = true
            got(message)
          })
          return () => {
            if (!came) gone = name
            stop()
          }
        },
      }
    },
  }
}

/** The wait's result says nothing of whose it is: two runs that wait are answered with each other's. */
export function crossesAnswers(): Lie {
  const last = new Map<number, Json>()
  return {
    body: (primitives, id) => otherwise(primitives, {
      async signal(seq, name, timeoutMs) {
        const arrived = await primitives.signal(seq, name, timeoutMs)
        if (arrived === 'timeout') return arrived
        const other = last.get(indexOf(id) ^ 2)
        last.set(indexOf(id), arrived.got)
        return other === undefined ? arrived : { got: other }
      },
    }),
  }
}
