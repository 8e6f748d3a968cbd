import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { World } from '../contract/world.ts'
import { createWorldClient } from './client.ts'
import { lines, patience, spawnWorld, step } from './testing.ts'

const none = { status429: 0, status500: 0, hungAfterApplied: 0 }
const calls: [string, (world: World) => Promise<unknown>][] = [
  ['model', (world) => world.complete({ prompt: 'p', maxTokens: 5 })],
  ['mail', (world) => world.mail({ to: 'a@example.org', subject: 's' })],
]

for (const [name, call] of calls) {
  it(`${name}: an injected 429 comes before the effect and may be tried again`, async () => {
    await using world = await spawnWorld({ failures: { ...none, status429: 1 } })
    const bound = createWorldClient(world.url).bind(step('f-1', 1, { keyed: false }), patience())
    await expect(call(bound.world)).rejects.toMatchObject({ name: 'WorldError', status: 429 })
    expect(bound.replies).toEqual([])
    expect(world.ledger().map((line) => line.k)).toEqual(['attempt', 'replied'])
  })

  it(`${name}: a hung call has its effect and no answer; giving up may be tried again`, async () => {
    await using world = await spawnWorld({ failures: { ...none, hungAfterApplied: 1 } })
    const bound = createWorldClient(world.url).bind(step('f-1', 1, { keyed: false }), AbortSignal.timeout(300))
    await expect(call(bound.world)).rejects.toMatchObject({ name: 'WorldError', status: null, message: expect.stringContaining('may have happened') as string })
    const [applied] = lines(world.ledger(), 'applied')
    expect(lines(world.ledger(), 'replied')).toMatchObject([{ a: 'f-1/1#1', hung: true, status: 0, effect: applied!.effect }])
    expect(lines(world.ledger(), 'replied')[0]).not.toHaveProperty('nonce')
  })

  it(`${name}: a world that is gone may be tried again`, async () => {
    const world = await spawnWorld()
    await world[Symbol.asyncDispose]()
    await expect(call(createWorldClient(world.url).bind(step('f-1', 1), patience()).world)).rejects.toMatchObject({ name: 'WorldError', status: null })
  })

  it(`${name}: a closed client makes no calls`, async () => {
    await using world = await spawnWorld()
    const client = createWorldClient(world.url)
    client.close()
    await expect(call(client.bind(step('f-1', 1), patience()).world)).rejects.toMatchObject({ name: 'WorldError' })
    expect(world.ledger()).toEqual([])
  })
}

it('lets an effect happen whose caller was killed meanwhile, and writes no reply', async () => {
  await using world = await spawnWorld()
  const script = `
    import { createWorldClient } from ${JSON.stringify(join(import.meta.dirname, 'client.ts'))}
    const caller = ${JSON.stringify(step('f-2', 1))}
    await createWorldClient(${JSON.stringify(world.url)}).bind(caller, AbortSignal.timeout(20_000)).world.probe({ delayMs: 600 })`
  const caller = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'inherit', 'inherit'] })
  while (world.ledger().length === 0) await after(10)
  caller.kill('SIGKILL')
  expect(await once(caller, 'exit')).toEqual([null, 'SIGKILL'])
  while (world.ledger().length < 2) await after(10)
  await after(50)
  expect(world.ledger().map((line) => line.k)).toEqual(['attempt', 'applied'])
})

it('deals the same texts, failures and latencies to the same steps, in whatever order they come and whatever the run is called', async () => {
  const failures = { status429: 0.2, status500: 0.2, hungAfterApplied: 0 }
  const deal = async (run: string, order: (indexes: number[]) => number[], seed: number) => {
    await using world = await spawnWorld({ seed, failures, latency: { medianMs: 2, p99Ms: 10 } })
    const client = createWorldClient(world.url)
    const dealt = new Map<number, unknown>()
    await Promise.all(order(Array.from({ length: 60 }, (_, i) => i)).map(async (i) => {
      const { world: bound } = client.bind(step(`${run}-${i}`, 1, { keyed: false }), patience())
      dealt.set(i, await bound.complete({ prompt: 'p', maxTokens: 30 }).catch((error: { status: number }) => error.status))
    }))
    return Array.from({ length: 60 }, (_, i) => dealt.get(i))
  }
  const [one, other, reseeded] = [await deal('run-a', (i) => i, 5), await deal('b', (i) => i.reverse(), 5), await deal('run-a', (i) => i, 6)]
  expect(other).toEqual(one)
  expect(reseeded).not.toEqual(one)
  expect(one).toEqual(expect.arrayContaining([429, 500, expect.objectContaining({ priceMicros: expect.any(Number) as number })]))
})
