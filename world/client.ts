// The world as a step sees it. One client serves a worker: connections are kept alive and as many as there are calls in
// flight (Node's fetch sets no limit); idle ones don't hold the process. The model goes through the real `openai` package,
// as an agent's does, with its own retries off: whether to try again is the engine's business.
import OpenAI, { APIError } from 'openai'
import { Refused } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import type { ToolUse, World } from '../contract/world.ts'
import { toHeaders, type Identity } from './identity.ts'

/** The call may be tried again: no connection, no answer in time, or an answer that says so (408, 429, 5xx). */
export class WorldError extends Error {
  override readonly name = 'WorldError'
  /** null: no answer came. */
  readonly status: number | null
  constructor(message: string, status: number | null, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

interface WorldClient {
  /** A world for one run of one step; `signal` gives up on its calls. */
  bind(caller: StepIdentity, signal: AbortSignal): BoundWorld
  /** Later calls fail; those in flight end by their own signals. */
  close(): void
}

export type StepIdentity = Omit<Identity, 'key'> & { readonly key: string; readonly keyed: boolean }

interface BoundWorld {
  readonly world: World
  /** In the order in which answers came. */
  readonly replies: readonly WorldReply[]
}

interface WorldReply {
  readonly nonce: number
  readonly effect: string
}

const model = 'stand-in-1'
const maxDecisionTokens = 30
const noDeadlineMs = 2 ** 31 - 1 // the longest timer there is: the caller's signal decides

export function createWorldClient(url: string): WorldClient {
  const openai = new OpenAI({
    baseURL: `${url}/v1`, apiKey: 'the-world-asks-for-none', organization: null, project: null, maxRetries: 0, timeout: noDeadlineMs, logLevel: 'off',
  })
  let closed = false

  function bind({ key, keyed, ...caller }: StepIdentity, signal: AbortSignal): BoundWorld {
    const headers = { ...toHeaders({ ...caller, key: keyed ? key : null }) }
    const replies: WorldReply[] = []

    async function call<T>(path: string, request: () => Promise<{ value: T; response: Response }>): Promise<{ value: T; response: Response }> {
      if (closed) throw new WorldError(`${path} was called after this worker closed its world client`, null)
      try {
        const answer = await request()
        replies.push(replyOf(answer.response, url))
        return answer
      } catch (error) {
        throw failure(error, path, signal)
      }
    }

    async function post<T>(path: string, body: Json): Promise<T> {
      const { value } = await call(path, async () => {
        const response = await fetch(url + path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body), signal })
        if (!response.ok) throw byStatus(path, response.status, await response.text())
        return { value: (await response.json()) as T, response }
      })
      return value
    }

    async function complete({ prompt, maxTokens }: Parameters<World['complete']>[0]): ReturnType<World['complete']> {
      const { value, response } = await call('/v1/chat/completions', async () => {
        const { data, response } = await openai.chat.completions
          .create({ model, messages: [{ role: 'user', content: prompt }], max_completion_tokens: maxTokens }, { headers, signal })
          .withResponse()
        return { value: data, response }
      })
      return {
        text: value.choices[0]?.message.content ?? '',
        totalTokens: value.usage?.total_tokens ?? 0,
        priceMicros: Number(response.headers.get('x-durabench-price-micros')),
      }
    }

    async function decide({ question, tools, used }: Parameters<World['decide']>[0]): ReturnType<World['decide']> {
      const { value } = await call('/v1/chat/completions', async () => {
        const { data, response } = await openai.chat.completions
          .create({ model, messages: conversation(question, used), tools: tools.map((name) => ({ type: 'function', function: { name } })), max_completion_tokens: maxDecisionTokens }, { headers, signal })
          .withResponse()
        return { value: data, response }
      })
      const message = value.choices[0]?.message
      const asked = message?.tool_calls?.[0]
      return { tool: asked?.type === 'function' ? asked.function.name : null, text: message?.content ?? '' }
    }

    const world: World = {
      complete,
      decide,
      charge: (request) => post('/payments/charges', request),
      refund: (request) => post('/payments/refunds', request),
      mail: (request) => post('/mail', request),
      ship: (request) => post('/shipments', request),
      untilNext: (request) => post('/clock/next', request),
      probe: (request) => post('/probe', request),
    }
    return { world, replies }
  }

  return {
    bind,
    close() {
      closed = true
    },
  }
}

/** As a model's API wants it: each use of a tool is a request of the assistant's and what the tool answered. */
function conversation(question: string, used: readonly ToolUse[]): OpenAI.Chat.ChatCompletionMessageParam[] {
  const uses = used.flatMap(({ tool, result }, i): OpenAI.Chat.ChatCompletionMessageParam[] => [
    { role: 'assistant', content: null, tool_calls: [{ id: `call_${i}`, type: 'function', function: { name: tool, arguments: '{}' } }] },
    { role: 'tool', tool_call_id: `call_${i}`, content: result },
  ])
  return [{ role: 'user', content: question }, ...uses]
}

function replyOf(response: Response, url: string): WorldReply {
  const nonce = Number(response.headers.get('x-durabench-nonce'))
  const effect = response.headers.get('x-durabench-effect')
  if (Number.isSafeInteger(nonce) && nonce > 0 && effect !== null) return { nonce, effect }
  throw new WorldError(`expected x-durabench-nonce and x-durabench-effect on an answer of ${url}, found none; is that the world of this run?`, response.status)
}

function failure(error: unknown, path: string, signal: AbortSignal): Error {
  if (error instanceof WorldError || error instanceof Refused) return error
  if (signal.aborted) return new WorldError(`${path} gave no answer until the step gave up (${String(signal.reason)}); it may have happened`, null, error)
  const status: unknown = error instanceof APIError ? error.status : undefined
  if (error instanceof APIError && typeof status === 'number') return byStatus(path, status, error.message)
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return new WorldError(`${path} can't be reached: ${error instanceof Error ? error.message : String(error)}${cause}`, null, error)
}

function byStatus(path: string, status: number, said: string): Error {
  const message = `${path} answered ${status}: ${said}`
  const worthARetry = status === 408 || status === 429 || status >= 500
  return worthARetry ? new WorldError(message, status) : new Refused(message)
}
