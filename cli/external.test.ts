// A cluster that somebody else runs, as managed ones are: Postgres and Temporal behind TLS, a client certificate, an API key and a
// namespace that was made before. A whole run on it, and its secrets in no file and no list of processes.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../contract/result.ts'
import { startGuard, type Guard } from '../processes/guard.ts'
import { findGo } from '../services/go/toolchain.ts'
import { availability, startServices, type RunningServices } from '../services/index.ts'
import { query } from '../services/postgres/query.ts'
import { startPostgres, type RunningPostgres } from '../services/postgres/server.ts'
import { serverAccount } from '../services/postgres/account.ts'
import { temporalModule } from '../services/temporal/build.ts'
import { registerDefaultNamespace } from '../services/temporal/rpc.ts'
import { hasOpenssl, makeCertificates, type Certificates } from '../services/testing/certificates.ts'
import { startGateway, type Gateway } from '../services/testing/gateway.ts'
import { room } from './testing/command.ts'

const canBuild = (await findGo(temporalModule)).ok
const apiKey = 'key-that-nobody-may-see'

describe.skipIf(!hasOpenssl)('a cluster of somebody else (skipped without openssl)', () => {
  let guard: Guard
  let folder: string
  let certificates: Certificates
  let store: RunningPostgres
  let password: string
  /** With what it takes; without: what is left out. */
  const address = (parameters: string, secret = password): string => {
    const url = new URL(store.url)
    url.password = secret
    return `${url.href}${parameters}`
  }
  const verified = (): string => `?sslmode=verify-full&sslrootcert=${certificates.ca}`

  beforeAll(async () => {
    guard = await startGuard()
    folder = mkdtempSync(join(tmpdir(), 'durabench-test-'))
    certificates = makeCertificates(folder)
    store = await startPostgres({ folder, guard })
    password = new URL(store.url).password
    await requireTls(store, certificates)
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await guard[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  test('Postgres: over TLS with the right authority, and not without', async () => {
    expect(await availability('postgres', { postgres: address(verified()) })).toMatchObject({ ok: true })
    for (const parameters of ['', `?sslmode=verify-full&sslrootcert=${certificates.otherCa}`]) {
      const found = await availability('postgres', { postgres: address(parameters) })
      expect(found.ok).toBe(false)
      expect(JSON.stringify(found)).not.toContain(password)
    }
  })

  describe.skipIf(!canBuild)('with a Temporal (skipped without Go)', () => {
    let services: RunningServices
    let gateway: Gateway
    let keys: Record<string, string>
    beforeAll(async () => {
      // Its server and its SQL tool reach the store over TLS too.
      services = await startServices({ needs: ['temporal'], folder, guard, prefix: 'managed', addresses: { postgres: address(verified()) }, onProgress: () => {} })
      await registerDefaultNamespace(services.temporalAddress!)
      gateway = await startGateway(services.temporalAddress!, apiKey, certificates)
      keys = {
        TEMPORAL_API_KEY: apiKey, TEMPORAL_NAMESPACE: 'default', TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates.ca,
        TEMPORAL_TLS_CLIENT_CERT_PATH: certificates.client.cert, TEMPORAL_TLS_CLIENT_KEY_DATA: readFileSync(certificates.client.key, 'utf8'),
      }
    }, 1_800_000)
    afterAll(async () => {
      await gateway[Symbol.asyncDispose]()
      await services[Symbol.asyncDispose]()
    })

    test.each([
      ['the certificate', { TEMPORAL_TLS_CLIENT_CERT_PATH: '', TEMPORAL_TLS_CLIENT_KEY_DATA: '' }, 'to answer'],
      ['the right key', { TEMPORAL_API_KEY: 'another' }, 'not allowed here'],
      ['the authority', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '' }, 'to answer'],
      ['the namespace', { TEMPORAL_NAMESPACE: 'nowhere' }, 'to have the namespace nowhere'],
    ])('without %s it is not to be had, and the answer says where such things come from', async (_what, changed, says) => {
      using place = room()
      const { code, stderr } = await place.run(['bench', '--drivers', 'temporal', '--temporal', gateway.address], { ...keys, ...changed })
      expect([code, stderr]).toEqual([13, expect.stringContaining(says) as string])
      expect(stderr).toMatch(/TEMPORAL_(API_KEY|NAMESPACE)/)
      expect(stderr).not.toContain(apiKey)
    })

    test('a run on it: every call passes with the key, no namespace is registered, and no secret is in a file or in the list of processes', async () => {
      using place = room()
      const before = await namespaces(services.postgresUrl!)
      const run = place.start(['clean', '--runs', '1', '--workers', '1', '--drivers', 'homegrown,temporal', '--out', 'run', '--temporal', gateway.address, '--postgres', address(verified(), '')], { ...keys, PGPASSWORD: password })
      const secrets = [apiKey, password, readFileSync(certificates.client.key, 'utf8').split('\n')[3]!]
      const seen = new Set<string>()
      const over = run.ended.then(() => true)
      while (!(await Promise.race([over, delay(20, false)]))) for (const line of commandLines()) seen.add(line)
      const { stdout, stderr } = await run.ended
      const { points } = JSON.parse(readFileSync(join(place.folder, 'run', 'result.json'), 'utf8')) as Result
      expect(points.map(({ driver, state, why }) => [driver, state, why])).toEqual([['homegrown', 'done', ''], ['temporal', 'done', '']])
      expect(points.flatMap(({ invariants }) => invariants.filter(({ verdict }) => verdict === 'fail'))).toEqual([])

      expect(gateway.counts.passed).toBeGreaterThan(20)
      expect(gateway.counts.registered).toBe(0)
      expect(await namespaces(services.postgresUrl!)).toEqual(before)
      const files = globSync(join(place.folder, '**', '*')).filter((path) => statSync(path).isFile())
      expect(files.length).toBeGreaterThan(20)
      expect([...seen].some((line) => line.includes('worker/main.ts'))).toBe(true)
      for (const secret of secrets) {
        expect(files.filter((path) => readFileSync(path, 'latin1').includes(secret))).toEqual([])
        expect([...seen].filter((line) => line.includes(secret))).toEqual([])
        expect(stdout + stderr).not.toContain(secret)
      }
      expect(await place.settled()).toEqual([])
    }, 120_000)
  })
})

/** As a managed one does: nobody in without TLS. */
async function requireTls(store: RunningPostgres, { server }: Certificates): Promise<void> {
  const mine = join(store.folder!, 'tls')
  mkdirSync(mine)
  const account = serverAccount()
  for (const [from, name] of [[server.cert, 'server.crt'], [server.key, 'server.key']] as const) {
    copyFileSync(from, join(mine, name))
    chmodSync(join(mine, name), 0o600)
    if (account !== null) chownSync(join(mine, name), account.uid, account.gid)
  }
  if (account !== null) chownSync(mine, account.uid, account.gid)
  const [place] = await query(store.url, 'show hba_file')
  await query(store.url, `alter system set ssl_cert_file = '${join(mine, 'server.crt')}'`)
  await query(store.url, `alter system set ssl_key_file = '${join(mine, 'server.key')}'`)
  await query(store.url, 'alter system set ssl = on')
  await query(store.url, `copy (select 'hostssl all all all scram-sha-256') to '${String(place!['hba_file'])}'`)
  await query(store.url, 'select pg_reload_conf()')
  // Its processes hear of it one after the other.
  while (await query(store.url, 'select 1').then(() => true, () => false)) await delay(50)
}

async function namespaces(url: string): Promise<string[]> {
  const at = new URL(url)
  at.pathname = '/managed_temporal'
  return (await query(at.href, 'select name from namespaces order by 1')).map(({ name }) => String(name))
}

function commandLines(): string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n')
}
