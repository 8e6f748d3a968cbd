import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connecting } from './access.ts'

describe("what opens somebody else's Temporal server", () => {
  test('nothing of it is for a server of our own', () => {
    expect(connecting('plain', { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'true' })).toEqual({})
  })

  test('without a word of TLS in the environment there is none', () => {
    expect(connecting('environment', {})).toEqual({ tls: false })
  })

  test('an API key means TLS, unless that is switched off', () => {
    expect(connecting('environment', { TEMPORAL_API_KEY: 'k' })).toEqual({ tls: {}, apiKey: 'k' })
    expect(connecting('environment', { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' })).toEqual({ tls: false, apiKey: 'k' })
  })

  test('certificates come as files or as text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'durabench-test-'))
    writeFileSync(join(folder, 'ca.pem'), 'the CA')
    expect(connecting('environment', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'), TEMPORAL_TLS_CLIENT_CERT_DATA: 'a', TEMPORAL_TLS_CLIENT_KEY_DATA: 'b', TEMPORAL_TLS_SERVER_NAME: 'temporal.example.org' }))
      .toEqual({ tls: { serverNameOverride: 'temporal.example.org', serverRootCACertificate: Buffer.from('the CA'), clientCertPair: { crt: Buffer.from('a'), key: Buffer.from('b') } } })
    rmSync(folder, { recursive: true })
  })

  for (const [what, env, says] of [
    ['a certificate without its key', { TEMPORAL_TLS_CLIENT_CERT_DATA: 'a' }, 'found only the certificate'],
    ['a file and a text for one thing', { TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'a', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/b' }, 'expected either TEMPORAL_TLS_SERVER_CA_CERT_PATH or TEMPORAL_TLS_SERVER_CA_CERT_DATA, found both'],
    ['a file that is not there', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nonexistent' }, 'found /nonexistent: ENOENT'],
    ['a switch that is neither on nor off', { TEMPORAL_TLS: 'maybe' }, "expected TEMPORAL_TLS to be true or false, found 'maybe'"],
    ['a wish not to verify', { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' }, 'the TypeScript SDK always verifies'],
  ] as const) {
    test(`${what} is explained`, () => {
      expect(() => connecting('environment', env)).toThrow(says)
    })
  }
})
