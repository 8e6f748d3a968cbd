// What stands before a managed Temporal: it takes HTTP/2 over TLS from clients with a certificate of ours, asks each call for an API key,
// lets nobody register a namespace, and hands the rest to a server without any of that.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Certificates } from './certificates.ts'

const denied = '7'
const unauthenticated = '16'

export interface Gateway extends AsyncDisposable {
  readonly address: string
  readonly counts: { passed: number; unauthenticated: number; registered: number }
}

export async function startGateway(upstreamAddress: string, apiKey: string, { ca, server: { cert, key } }: Certificates): Promise<Gateway> {
  const counts = { passed: 0, unauthenticated: 0, registered: 0 }
  const upstream = connect(`http://${upstreamAddress}`)
  upstream.on('error', () => {})
  const server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true })
  const refuse = (stream: ServerHttp2Stream, status: string): void => stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status, 'grpc-message': 'not allowed here' }, { endStream: true })

  function forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const rest = Object.entries(headers).filter(([name]) => name !== 'authorization')
    const call = upstream.request({ ...Object.fromEntries(rest), ':authority': upstreamAddress })
    let trailers: IncomingHttpHeaders = {}
    call.on('trailers', (given: IncomingHttpHeaders) => void (trailers = given))
    call.on('response', (given) => {
      if (stream.destroyed) return
      // An answer of trailers alone has its status there already.
      if (given['grpc-status'] !== undefined) return stream.respond(given, { endStream: true })
      stream.respond(given, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers(trailers))
      call.pipe(stream)
    })
    stream.pipe(call)
    stream.on('close', () => call.close())
    for (const end of [stream, call]) end.on('error', () => stream.close())
  }

  server.on('stream', (stream, headers) => {
    if (headers.authorization !== `Bearer ${apiKey}`) {
      counts.unauthenticated++
      return refuse(stream, unauthenticated)
    }
    if (headers[':path']?.endsWith('/RegisterNamespace')) {
      counts.registered++
      return refuse(stream, denied)
    }
    counts.passed++
    forward(stream, headers)
  })
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      upstream.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
