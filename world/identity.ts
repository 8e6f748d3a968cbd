// Who calls: a step's identity as request headers (contract/world.ts), both directions, so that they can't drift apart.
// Tokens are escaped since a signal's id is the caller's and may hold a comma; the rest are ids made by the harness.
import type { IncomingHttpHeaders } from 'node:http'
import type { Token } from '../contract/logs.ts'
import type { CallHeaders } from '../contract/world.ts'

export interface Identity {
  readonly workflowId: string
  readonly seq: number
  readonly step: string
  /** The worker's incarnation. */
  readonly source: string
  readonly inputHash: number
  readonly prev: readonly Token[]
  /** The idempotency key; null for a step that sends none. */
  readonly key: string | null
}

export function toHeaders(identity: Identity): CallHeaders {
  return {
    'x-durabench-workflow': identity.workflowId,
    'x-durabench-seq': String(identity.seq),
    'x-durabench-step': identity.step,
    'x-durabench-source': identity.source,
    'x-durabench-input-hash': String(identity.inputHash),
    'x-durabench-prev': identity.prev.map(escaped).join(','),
    ...(identity.key === null ? {} : { 'idempotency-key': identity.key }),
  }
}

/** The identity, or a sentence that says which header is missing or wrong. */
export function fromHeaders(headers: IncomingHttpHeaders): Identity | string {
  const text = (name: keyof CallHeaders): string | undefined => {
    const value = headers[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const workflowId = text('x-durabench-workflow')
  const step = text('x-durabench-step')
  const source = text('x-durabench-source')
  const seq = Number(text('x-durabench-seq'))
  const inputHash = Number(text('x-durabench-input-hash'))
  const prev = headers['x-durabench-prev']
  if (workflowId === undefined) return problem('x-durabench-workflow', 'the workflow id', headers)
  if (!Number.isSafeInteger(seq) || seq < 1) return problem('x-durabench-seq', 'a whole number from 1', headers)
  if (step === undefined) return problem('x-durabench-step', 'the name of the step', headers)
  if (source === undefined) return problem('x-durabench-source', "the worker's incarnation", headers)
  if (!Number.isSafeInteger(inputHash) || inputHash < 0) return problem('x-durabench-input-hash', 'a whole number', headers)
  if (typeof prev !== 'string') return problem('x-durabench-prev', 'tokens separated by commas, or nothing', headers)
  const tokens = prev === '' ? [] : prev.split(',').map(unescaped)
  return { workflowId, seq, step, source, inputHash, prev: tokens, key: text('idempotency-key') ?? null }
}

function problem(header: keyof CallHeaders, expected: string, headers: IncomingHttpHeaders): string {
  return `expected the header ${header} to hold ${expected}, found ${JSON.stringify(headers[header] ?? null)}; call the world through createWorldClient`
}

function escaped(token: Token): string {
  return typeof token === 'number' ? String(token) : encodeURI(token).replaceAll(',', '%2C')
}

function unescaped(token: string): Token {
  return /^\d+$/.test(token) ? Number(token) : decoded(token)
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token // not escaped by us: evidence is kept as it came
  }
}
