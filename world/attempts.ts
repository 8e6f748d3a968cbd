// The life of an attempt: read → (latency) → failed | effect → replied | hung, each with its line in the ledger.
// An effect is due once its request was read: as in the real world, the caller's death doesn't stop it. Keys are looked up
// when the effect is due, not on arrival, so of two attempts in flight at once with one key the second replays the first.
import type { ServerResponse } from 'node:http'
import type { Mishap } from '../contract/world.ts'
import { BadRequest, parseBody, type Effect, type Endpoint } from './endpoints.ts'
import { fateOf } from './fate.ts'
import type { Identity } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { worldNonces } from './nonce.ts'
import type { Sightings } from './sightings.ts'
import type { WorldSettings } from './settings.ts'
import { sendJson, sendProblem, type Headers } from './send.ts'

interface Attempts {
  begin(request: EffectRequest, res: ServerResponse): void
  /** Read, and neither failed nor taken effect so far. */
  readonly inFlight: number
  /** What is in flight will not take place any more; its connections are cut. */
  cancel(): void
}

interface EffectRequest {
  readonly identity: Identity
  readonly path: string
  readonly endpoint: Endpoint
  readonly body: string
}

/** How long the socket of an attempt that hangs stays open. */
const hungMs = 60_000

type Stored = { readonly request: string; readonly effectId: string; readonly answer: string; readonly headers: Headers }
/** `a`, its name in the ledger: `<workflow>/<seq>#<ordinal>`, the ordinal counting attempts of that seq from 1. */
type Attempt = EffectRequest & { readonly a: string; readonly key: string | null; readonly hangs: boolean; readonly res: ServerResponse }

export function createAttempts(settings: WorldSettings, ledger: Ledger, sightings: Sightings): Attempts {
  const attemptsOf = new Map<string, number>()
  const mishapsOf = new Map<string, number>()
  const stored = new Map<string, Stored>()
  const due = new Map<NodeJS.Timeout, ServerResponse>()
  const nextNonce = worldNonces()

  function begin(request: EffectRequest, res: ServerResponse): void {
    const { identity, endpoint } = request
    const { workflowId: wf, seq, step } = identity
    const ordinal = (attemptsOf.get(`${wf}/${seq}`) ?? 0) + 1
    attemptsOf.set(`${wf}/${seq}`, ordinal)
    const { latencyMs, injected } = fateOf(settings, wf, seq, ordinal)
    // An endpoint that ignores keys leaves none in the ledger: there the world does not deduplicate.
    const key = endpoint.keyed ? identity.key : null
    const attempt: Attempt = { ...request, a: `${wf}/${seq}#${ordinal}`, key, hangs: injected === 'hung', res }
    ledger.append({ k: 'attempt', a: attempt.a, src: identity.source, wf, seq, step, key, ih: identity.inputHash, prev: identity.prev })
    const effect = understood(attempt)
    if (effect === null) return
    afterwards(res, latencyMs + (effect.script?.delayMs ?? 0), () => {
      if (injected === 429) fail(attempt, 429, 'too many requests (injected); try again')
      else if (injected === 500) fail(attempt, 500, 'the server failed before it did anything (injected); try again')
      else if (effect.script?.refuse === true) fail(attempt, 400, 'refused, as the request asked')
      else meet(attempt, effect)
    })
  }

  /** The effect that is asked for, or null once a malformed request has been answered. */
  function understood(attempt: Attempt): Effect | null {
    try {
      if (attempt.endpoint.keyed && attempt.key === null) {
        throw new BadRequest(`expected an Idempotency-Key for ${attempt.path}; declare the effect of step '${attempt.identity.step}' as 'keyed'`)
      }
      return attempt.endpoint.effect(parseBody(attempt.body), attempt.identity)
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error
      fail(attempt, 400, error.message)
      return null
    }
  }

  function meet(attempt: Attempt, effect: Effect): void {
    const mishap = nextMishap(attempt, effect)
    if (typeof mishap === 'number') fail(attempt, mishap, 'failed, as the request asked; try again')
    else perform(mishap === 'hung' ? { ...attempt, hangs: true } : attempt, effect)
  }

  function nextMishap({ key }: Attempt, { script }: Effect): Mishap | undefined {
    if (script === undefined || key === null) return undefined
    const met = mishapsOf.get(key) ?? 0
    if (met < script.mishaps.length) mishapsOf.set(key, met + 1)
    return script.mishaps[met]
  }

  function perform(attempt: Attempt, effect: Effect): void {
    const { a, key, path, body, endpoint, identity } = attempt
    const request = `${path} ${body}`
    const before = key === null ? undefined : stored.get(key)
    if (before !== undefined) {
      if (before.request === request) return reply(attempt, before)
      return fail(attempt, 422, `the Idempotency-Key ${key} was used for another request (${before.request.slice(0, 120)}); use one key per request`)
    }
    const effectId = `${endpoint.prefix}_${key ?? a}`
    const { cents, priceMicros } = effect
    const t = ledger.append({ k: 'applied', a, effect: effectId, ...(cents === undefined ? {} : { cents }), ...(priceMicros === undefined ? {} : { micros: priceMicros }) })
    const headers: Headers = priceMicros === undefined ? {} : { 'x-durabench-price-micros': priceMicros }
    const done: Stored = { request, effectId, answer: JSON.stringify(effect.answer(effectId)), headers }
    if (key !== null) stored.set(key, done)
    sightings.note(identity.step, { workflow: identity.workflowId, seq: identity.seq, t })
    reply(attempt, done)
  }

  function reply({ a, hangs, res }: Attempt, { effectId, answer, headers }: Stored): void {
    if (hangs) {
      ledger.append({ k: 'replied', a, status: 0, effect: effectId, hung: true })
      return hang(res)
    }
    if (res.destroyed) return
    const nonce = nextNonce()
    ledger.append({ k: 'replied', a, status: 200, nonce, effect: effectId })
    ledger.onceWritten(() => sendJson(res, 200, answer, { 'x-durabench-effect': effectId, 'x-durabench-nonce': nonce, ...headers }))
  }

  function fail({ a, res }: Attempt, status: number, message: string): void {
    if (res.destroyed) return
    ledger.append({ k: 'replied', a, status })
    ledger.onceWritten(() => sendProblem(res, status, message))
  }

  function afterwards(res: ServerResponse, ms: number, then: () => void): void {
    if (ms === 0) return then()
    const timer = setTimeout(() => {
      due.delete(timer)
      then()
    }, ms)
    due.set(timer, res)
  }

  return {
    begin,
    get inFlight() {
      return due.size
    },
    cancel() {
      for (const [timer, res] of due) {
        clearTimeout(timer)
        res.destroy()
      }
      due.clear()
    },
  }
}

function hang(res: ServerResponse): void {
  const timer = setTimeout(() => res.destroy(), hungMs)
  res.once('close', () => clearTimeout(timer))
}
