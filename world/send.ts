// Answers on a socket, always JSON with its length, so that a keep-alive connection is free again at once. A client that
// is gone is no error: its answer is dropped.
import type { ServerResponse } from 'node:http'

export type Headers = Readonly<Record<string, string | number>>

export function sendJson(res: ServerResponse, status: number, json: string, headers: Headers = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json), ...headers }).end(json)
}

/** In the shape that OpenAI and payment APIs share. */
export function sendProblem(res: ServerResponse, status: number, message: string): void {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error'
  sendJson(res, status, JSON.stringify({ error: { message, type, param: null, code: null } }))
}
