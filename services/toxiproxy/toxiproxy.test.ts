// The real Toxiproxy before a real Postgres: what each fault of a link does to it, and that none of it stays.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Toxiproxy } from 'toxiproxy-node-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../chaos/faults/index.ts'
import type { NetworkFault } from '../../chaos/faults/fault.ts'
import type { Network } from '../../chaos/stage.ts'
import type { PlannedFault, Toxic } from '../../contract/plan.ts'
import { startGuard, type Guard } from '../../processes/guard.ts'
import { findGo } from '../go/toolchain.ts'
import { availability, startServices, type RunningServices } from '../index.ts'
import { query } from '../postgres/query.ts'
import { toxiproxyModule } from './build.ts'

const FIRST_BUILD_MS = 600_000
const canBuild = (await findGo(toxiproxyModule)).ok

test('an address where none answers is explained', async () => {
  expect(await availability('toxiproxy', { toxiproxy: '127.0.0.1:9' })).toMatchObject({ ok: false, why: expect.stringContaining("Toxiproxy's API at 127.0.0.1:9 to answer") as string })
})

describe.skipIf(!canBuild)('a link to the store that goes through Toxiproxy', () => {
  let guard: Guard
  let folder: string
  let services: RunningServices
  let network: Network
  const start = (address?: string): Promise<RunningServices> => startServices({
    needs: ['postgres'], folder, guard, prefix: address === undefined ? 'own' : 'guest', proxied: ['worker-store'], onProgress: () => {},
    addresses: { ...(services === undefined ? {} : { postgres: services.postgresUrl! }), ...(address === undefined ? {} : { toxiproxy: address }) },
  })
  beforeAll(async () => {
    guard = await startGuard()
    folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))
    services = await start()
    const unused = (): never => {
      throw new Error('no namespace is needed here')
    }
    network = { wires: unused, proxies: () => ({ on: (link) => services.links.proxied.find((one) => one.link === link)! }) }
  }, FIRST_BUILD_MS)
  afterAll(async () => {
    await services[Symbol.asyncDispose]()
    await guard[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const hold = (kind: Toxic) => (faults[kind] as NetworkFault).hold(network, { id: kind, kind, role: 'link', slot: 'all', link: 'worker-store', trigger: { at: 'time', phase: '', afterMs: 0 }, heal: { afterMs: 0, identity: 'same' } } satisfies PlannedFault, null)
  const ask = (): Promise<unknown> => query(services.reached.byWorkers.postgresUrl!, 'select 1 as one')

  test('workers are given the proxy, the harness is not', async () => {
    expect(services.reached.byWorkers.postgresUrl).not.toBe(services.postgresUrl)
    expect(await ask()).toEqual([{ one: 1 }])
  })

  for (const kind of ['latency', 'bandwidth', 'slicer'] as const) {
    test(`${kind}: proved by the time that a greeting takes, and gone with the heal`, async () => {
      const held = await hold(kind)
      expect(held.saw).toMatch(/^worker-store: a greeting of \d+ bytes had an answer after [\d.]+ ms, then an answer after \d{3}/)
      expect(await ask()).toEqual([{ one: 1 }])
      expect((await held.heal()).saw).toMatch(/^healed, an answer after/)
    })
  }

  for (const [kind, words] of [['reset-peer', 'ECONNRESET'], ['down', 'ECONNREFUSED'], ['timeout', 'silent']] as const) {
    test(`${kind}: proved by ${words}, while the store itself answers; healed, the link does too`, async () => {
      const held = await hold(kind)
      expect(held.saw).toMatch(new RegExp(`then ${words}$`))
      expect(await query(services.postgresUrl!, 'select 1 as one')).toEqual([{ one: 1 }])
      await held.heal()
      expect(await ask()).toEqual([{ one: 1 }])
    })
  }

  test('a link on which the toxic shows nothing is no proof, and keeps no toxic', async () => {
    const { api, name } = services.links.proxied[0]!
    const proxy = await new Toxiproxy(api).get(name)
    await proxy.update({ enabled: true, listen: proxy.listen, upstream: '127.0.0.1:9' })
    await expect(hold('latency')).rejects.toThrow('expected worker-store to answer before it is hurt')
    await proxy.update({ enabled: true, listen: proxy.listen, upstream: new URL(services.postgresUrl!).host })
    expect(await (await fetch(`${api}/proxies/${name}/toxics`)).json()).toEqual([])
  })

  test('one at an address is used, gets its proxies and loses them at the end, and others keep theirs', async () => {
    const address = new URL(services.links.proxied[0]!.api).host
    const guest = await start(address)
    expect(Object.keys(await new Toxiproxy(`http://${address}`).getAll()).sort()).toEqual(['guest_worker-store', 'own_worker-store'])
    expect(await query(guest.reached.byWorkers.postgresUrl!, 'select 1 as one')).toEqual([{ one: 1 }])
    await guest[Symbol.asyncDispose]()
    expect(Object.keys(await new Toxiproxy(`http://${address}`).getAll())).toEqual(['own_worker-store'])
  })
})
