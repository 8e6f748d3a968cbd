// What can be asked of the world, by path. Each endpoint says what a well-formed request would cause; when it happens, and
// whether, is attempts.ts's work. Nothing here guards against doing things twice except idempotency keys: a payment API that
// refused a second refund would hide the double run that this benchmark looks for.
import type { Json } from '../contract/json.ts'
import type { Mishap } from '../contract/world.ts'
import { modelReply, wantedTool } from './model.ts'

export interface Endpoint {
  /** Begins its effect ids. */
  readonly prefix: string
  /** Whether a repeated Idempotency-Key repeats the answer. */
  readonly keyed: boolean
  /** @throws BadRequest */
  effect(body: Fields, caller: Caller): Effect
}

export interface Effect {
  answer(effectId: string): Json
  /** What a charge takes (+) or a refund gives back (−). */
  readonly cents?: number
  readonly priceMicros?: number
  /** As the request asked: how long it takes, what the first attempts of this key meet instead, whether it is refused for good. */
  readonly script?: { readonly delayMs: number; readonly mishaps: readonly Mishap[]; readonly refuse: boolean }
}

interface Caller {
  readonly workflowId: string
  readonly seq: number
}

export class BadRequest extends Error {}

type Fields = { readonly [name: string]: Json }

export function endpoints(seed: number): ReadonlyMap<string, Endpoint> {
  return new Map<string, Endpoint>([
    ['/v1/chat/completions', { prefix: 'chatcmpl', keyed: false, effect: (body, caller) => completion(seed, body, caller) }],
    ['/payments/charges', { prefix: 'ch', keyed: true, effect: charge }],
    ['/payments/refunds', { prefix: 're', keyed: true, effect: refund }],
    ['/mail', { prefix: 'msg', keyed: false, effect: mail }],
    ['/shipments', { prefix: 'trk', keyed: true, effect: shipment }],
    ['/clock/next', { prefix: 'tick', keyed: false, effect: nextTick }],
    ['/probe', { prefix: 'probe', keyed: true, effect: probe }],
  ])
}

/** @throws BadRequest unless it is a JSON object */
export function parseBody(text: string): Fields {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    throw new BadRequest(`expected a body of JSON: ${(error as Error).message}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new BadRequest(`expected the body to be a JSON object, found ${text.slice(0, 80)}`)
}

function completion(seed: number, body: Fields, caller: Caller): Effect {
  const model = text(body, 'model')
  const messages = body['messages']
  if (!Array.isArray(messages) || messages.length === 0) throw new BadRequest(`expected messages to be a list, found ${JSON.stringify(messages)}`)
  if (body['stream'] === true) throw new BadRequest('streamed answers are not served here; leave out stream')
  const prompt = messages.map((message: Fields) => (message?.['tool_calls'] === undefined ? text(message ?? {}, 'content') : '')).join('\n')
  const tools = body['tools'] === undefined ? [] : toolNames(body['tools'])
  const tool = wantedTool(seed, caller, tools, messages.filter((message: Fields) => message?.['role'] === 'tool').length)
  const reply = modelReply(seed, caller, prompt, whole(body, 'max_completion_tokens', 1))
  const { promptTokens, completionTokens } = reply
  return {
    priceMicros: reply.priceMicros,
    answer: (id) => ({
      id, object: 'chat.completion', created: Math.floor(Date.now() / 1000), model,
      choices: [{
        index: 0, finish_reason: tool !== null ? 'tool_calls' : reply.cutShort ? 'length' : 'stop', logprobs: null,
        message: { role: 'assistant', content: reply.text, refusal: null, ...(tool === null ? {} : { tool_calls: [{ id: `call_${id}`, type: 'function', function: { name: tool, arguments: '{}' } }] }) },
      }],
      usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens },
    }),
  }
}

function toolNames(tools: Json): string[] {
  if (!Array.isArray(tools) || tools.length === 0) throw new BadRequest(`expected tools to be a list, found ${JSON.stringify(tools)}`)
  return tools.map((tool: Fields) => text((tool?.['function'] ?? {}) as Fields, 'name'))
}

function charge(body: Fields): Effect {
  text(body, 'customer')
  return {
    cents: whole(body, 'amountCents', 1),
    answer: (chargeId) => ({ chargeId }),
    script: { delayMs: 0, mishaps: [], refuse: body['card'] === 'declined' },
  }
}

function refund(body: Fields): Effect {
  text(body, 'chargeId')
  return { cents: -whole(body, 'amountCents', 1), answer: (refundId) => ({ refundId }) }
}

function mail(body: Fields): Effect {
  text(body, 'to')
  text(body, 'subject')
  return { answer: (messageId) => ({ messageId }) }
}

function shipment(body: Fields): Effect {
  text(body, 'order')
  return { answer: (trackingId) => ({ trackingId }) }
}

/** Like a calendar: whoever asks meanwhile is told of the same moment. */
function nextTick(body: Fields): Effect {
  const everyMs = whole(body, 'everyMs', 1)
  return { answer: () => ({ inMs: everyMs - (Math.floor(Number(process.hrtime.bigint()) / 1e6) % everyMs) }) }
}

function probe(body: Fields): Effect {
  const { value = 'ok', refuse = false, failures = 0, mishaps = [], delayMs = 0 } = body
  const script = { delayMs: wholeOf(delayMs, 'delayMs', 0), mishaps: [...Array<500>(wholeOf(failures, 'failures', 0)).fill(500), ...mishapsOf(mishaps)], refuse: refuse === true }
  const answer = { value: text({ value }, 'value') }
  return { answer: () => answer, script }
}

function mishapsOf(listed: Json): readonly Mishap[] {
  if (Array.isArray(listed) && listed.every((mishap) => mishap === 429 || mishap === 500 || mishap === 'hung')) return listed as readonly Mishap[]
  throw new BadRequest(`expected mishaps to be a list of 429, 500 and 'hung', found ${JSON.stringify(listed)}`)
}

function text(from: Fields, name: string): string {
  const value = from[name]
  if (typeof value === 'string') return value
  throw new BadRequest(`expected ${name} to be text, found ${JSON.stringify(value)}`)
}

function whole(from: Fields, name: string, min: number): number {
  return wholeOf(from[name], name, min)
}

function wholeOf(value: Json | undefined, name: string, min: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min) return value as number
  throw new BadRequest(`expected ${name} to be a whole number from ${min}, found ${JSON.stringify(value)}`)
}
