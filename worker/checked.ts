// Holds every driver's client to its contract: only Rejected and Unknown may escape, deadlines are kept even by an engine
// that never answers, and arguments are strict JSON. Trade-off: some 0.3 µs a call, so that a driver's bug is named as one
// instead of being counted as a finding about the engine.
import type { Client } from '../contract/driver.ts'
import { isNamed, Rejected, Unknown } from '../contract/errors.ts'

/** Wraps a driver's client; `name` is the driver's module, for messages. */
export function checked(client: Client, name: string): Client {
  /** One promise a call, not a chain of them: this is on the way of every start. */
  function guard<T>(what: string, signal: AbortSignal | null, call: () => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(new Rejected(`${name}: ${what} was not sent, since its deadline had passed`))
    const pending = signal === null ? null : pendingOn(signal)
    return new Promise((resolve, reject) => {
      const expire = (): void => reject(new Unknown(`${name}: ${what} had no answer within its deadline`))
      const failed = (error: unknown): void => {
        pending?.delete(expire)
        reject(isNamed(error, 'Rejected') || isNamed(error, 'Unknown') ? error as Error : bug(what, error))
      }
      pending?.add(expire)
      try {
        call().then((value) => {
          pending?.delete(expire)
          resolve(value)
        }, failed)
      } catch (error) {
        failed(error)
      }
    })
  }
  const bug = (what: string, error: unknown): Error =>
    new Error(`bug in driver '${name}': ${what} failed with ${describe(error)}; a client may fail with Rejected or Unknown only`, { cause: error })
  const refuse = (what: string, found: string): Promise<never> => Promise.reject(new Rejected(`${name}: ${what} takes strict JSON, found ${found}`))

  return {
    start(request, signal) {
      const odd = notJson(request.input, 'input')
      return odd === null ? guard('start', signal, () => client.start(request, signal)) : refuse('start', odd)
    },
    signal(request, signal) {
      const odd = notJson(request.payload, 'payload')
      return odd === null ? guard('signal', signal, () => client.signal(request, signal)) : refuse('signal', odd)
    },
    outcome: (id, signal) => guard('outcome', signal, () => client.outcome(id, signal)),
    outcomes: (ids) => guard('outcomes', null, () => client.outcomes(ids)),
    cancel: (id, signal) => guard('cancel', signal, () => client.cancel(id, signal)),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/** Where and what a value that JSON can't hold is, or null for strict JSON. */
export function notJson(value: unknown, path: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? null : `${Object.is(value, -0) ? '-0' : String(value)} at ${path}`
  if (Array.isArray(value)) return first(value.length, (i) => notJson(value[i], `${path}[${i}]`))
  if (typeof value !== 'object') return `${typeof value} at ${path}`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return `an instance of ${value.constructor.name} at ${path}`
  const keys = Object.keys(value)
  return first(keys.length, (i) => notJson((value as Record<string, unknown>)[keys[i]!], `${path}.${keys[i]!}`))
}

function first(count: number, look: (i: number) => string | null): string | null {
  for (let i = 0; i < count; i++) {
    const found = look(i)
    if (found !== null) return found
  }
  return null
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

// One listener per signal, however many calls share it: EventTarget removes listeners by walking a list.
const expiring = new WeakMap<AbortSignal, Set<() => void>>()

function pendingOn(signal: AbortSignal): Set<() => void> {
  const known = expiring.get(signal)
  if (known !== undefined) return known
  const pending = new Set<() => void>()
  expiring.set(signal, pending)
  signal.addEventListener('abort', () => {
    for (const expire of pending) expire()
  }, { once: true })
  return pending
}
