// What docs/findings.md says of DBOS, played on the version that is installed. Two reports of its tracker do not show:
// dbos-transact-ts 1205 (two processes recover one run, and its recv returns different values to them), dbos-transact-py 716 (a crash in
// the midst of a recovery strands runs). One finding does. A version that changes any of it fails here.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGuard } from '../../processes/guard.ts'
import { startServices, type Controlled } from '../../services/index.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import { endMs, probe, startScript, until, valueOf } from '../conformance/case.ts'
import { Lab, type LabOptions } from '../conformance/lab.ts'
import { driver } from './driver.ts'

const runs = 12

const stack = new AsyncDisposableStack()
const options: LabOptions = {}
const lab = new Lab(driver, options)
let store: Controlled

beforeAll(async () => {
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), 'durabench-services-')), (path) => rmSync(path, { recursive: true, force: true }))
  const guard = stack.use(await startGuard())
  const services = stack.use(await startServices({ needs: driver.needs, folder, guard, prefix: 'recoverers', addresses: {}, onProgress: () => undefined }))
  options.postgresUrl = services.postgresUrl!
  store = services.store!
  stack.use(lab)
  await lab.open()
}, 60_000)
afterAll(() => stack.disposeAsync())

const waitMs = 1_500
const decides: readonly Instruction[] = [probe('before'), { signal: 'answer', timeoutMs: waitMs }, probe('after')]

it('two recoverers of one executor see one value of each wait, though the answer comes as the wait runs out', async () => {
  const ids = Array.from({ length: runs }, () => lab.nextId())
  await lab.own(async (fleet) => {
    await fleet.start(0)
    const first = await fleet.client(0)
    for (const id of ids) await startScript(first, id, decides)
    await sleep(300)
    await fleet.kill(0)
    // Both launch with the dead one's executor id, and each recovers what that left.
    await Promise.all([fleet.start(1, { of: 0 }), fleet.start(2, { of: 0 })])
    const [one, other] = [await fleet.client(1), await fleet.client(2)]
    await Promise.all(ids.map((id, i) => sleep(i * 20).then(() => other.signal(id, 'answer', 'yes', `${id}/answer`))))
    const seenBy = (client: typeof one) => Promise.all(ids.map(async (id) => valueOf(await client.outcome(id, endMs))))
    expect(await seenBy(one)).toEqual(await seenBy(other))
    for (const id of ids) expect(lab.ledger(id, 3).filter(({ k }) => k === 'applied'), id).toHaveLength(1)
  })
}, 120_000)

it('no run is stranded when its recoverer dies while it recovers, or the store does', async () => {
  const ids = Array.from({ length: runs }, () => lab.nextId())
  const body = [probe('one', { delayMs: 400 }), probe('two', { delayMs: 400 }), probe('three')]
  await lab.own(async (fleet) => {
    await fleet.start(0)
    const client = await fleet.client(0)
    for (const id of ids) await startScript(client, id, body)
    await fleet.kill(0)
    for (const ms of [20, 120]) {
      await fleet.start(0, 'same')
      await sleep(ms)
      await fleet.kill(0)
    }
    const starting = fleet.start(0, 'same').catch(() => undefined)
    await sleep(400)
    await store.kill()
    await store.start()
    await starting
    if (!fleet.alive(0)) await fleet.start(0, 'same')
    const last = await fleet.client(0)
    const values = await Promise.all(ids.map(async (id) => valueOf(await last.outcome(id, endMs))))
    for (const value of values) expect(value).toEqual([{ value: 'one' }, { value: 'two' }, { value: 'three' }])
  })
}, 120_000)

it('a run is seen cancelled while its step under way goes on, and that step still takes effect', async () => {
  const id = lab.nextId()
  await lab.own(async (fleet) => {
    await fleet.start(0)
    const client = await fleet.client(0)
    await startScript(client, id, [probe('one', { delayMs: 1_500 }), probe('two')])
    await until('the step is under way', () => lab.attempts(id, 1) === 1)
    await client.cancel(id)
    expect(await client.now(id)).toEqual({ status: 'cancelled' })
    expect(lab.ledger(id, 1).filter(({ k }) => k === 'applied')).toHaveLength(0)
    await until('the step takes effect', () => lab.ledger(id, 1).some(({ k }) => k === 'applied'))
    // It ends there, as the makers say: at the beginning of its next step.
    await sleep(500)
    expect(lab.attempts(id, 2)).toBe(0)
  })
}, 60_000)
