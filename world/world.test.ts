import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorldClient, WorldError } from './client.ts'
import { toHeaders } from './identity.ts'
import { lines, patience, spawnWorld, step } from './testing.ts'


describe('a world without latency or failures', () => {
  let world: Awaited<ReturnType<typeof spawnWorld>>
  const client = () => createWorldClient(world.url)
  const of = (workflow: string) => {
    const ledger = world.ledger()
    const attempts = lines(ledger, 'attempt').filter((line) => line.wf === workflow)
    const names = new Set(attempts.map((line) => line.a))
    return { attempts, applied: lines(ledger, 'applied').filter((line) => names.has(line.a)), replied: lines(ledger, 'replied').filter((line) => names.has(line.a)) }
  }
  beforeAll(async () => {
    world = await spawnWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  it('replays a keyed request: same answer, same effect, a new nonce, applied once', async () => {
    const [first, second] = [client().bind(step('r-1', 2), patience()), client().bind(step('r-1', 2, { source: 'worker-2' }), patience())]
    const charge = { customer: 'c', amountCents: 500 }
    const charged = await first.world.charge(charge)
    expect(await second.world.charge(charge)).toEqual(charged)
    expect([first, second].map((bound) => bound.replies[0]!.effect)).toEqual(['ch_r-1/2', 'ch_r-1/2'])
    expect(second.replies[0]!.nonce).not.toBe(first.replies[0]!.nonce)
    const seen = of('r-1')
    expect(seen.attempts.map((line) => [line.src, line.key])).toEqual([['worker-1', 'r-1/2'], ['worker-2', 'r-1/2']])
    expect(seen.applied).toMatchObject([{ cents: 500, effect: first.replies[0]!.effect }])
    expect(seen.replied.map((line) => line.nonce)).toEqual([first.replies[0]!.nonce, second.replies[0]!.nonce])
  })

  it('applies a key once even if two requests with it are in flight together', async () => {
    const probes = Array.from({ length: 20 }, () => client().bind(step('r-2', 1), patience()).world.probe({ delayMs: 30, value: 'v' }))
    expect(await Promise.all(probes)).toEqual(Array.from({ length: 20 }, () => ({ value: 'v' })))
    expect(of('r-2').attempts).toHaveLength(20)
    expect(of('r-2').applied).toHaveLength(1)
  })

  it('refuses a key that comes back with another body, or at another endpoint', async () => {
    const bound = client().bind(step('r-3', 1), patience()).world
    await bound.charge({ customer: 'c', amountCents: 500 })
    await expect(bound.charge({ customer: 'c', amountCents: 501 })).rejects.toMatchObject({ name: 'Refused', message: expect.stringContaining('422') as string })
    await expect(bound.ship({ order: 'o' })).rejects.toMatchObject({ name: 'Refused' })
    expect(of('r-3').applied).toHaveLength(1)
    expect(of('r-3').replied.map((line) => [line.status, 'nonce' in line])).toEqual([[200, true], [422, false], [422, false]])
  })

  it('does an unkeyed request again each time', async () => {
    const bound = client().bind(step('r-4', 1, { keyed: false }), patience())
    const mail = { to: 'a@example.org', subject: 's' }
    expect(await bound.world.mail(mail)).not.toEqual(await bound.world.mail(mail))
    expect(new Set(of('r-4').applied.map((line) => line.effect)).size).toBe(2)
    expect(of('r-4').attempts.every((line) => line.key === null)).toBe(true)
  })

  it('leaves no key in the ledger where a mail ignores it', async () => {
    await client().bind(step('r-5', 1), patience()).world.mail({ to: 'a@example.org', subject: 's' })
    expect(of('r-5').attempts[0]!.key).toBe(null)
  })

  it('counts a refund as negative cents', async () => {
    await client().bind(step('r-6', 1), patience()).world.refund({ chargeId: 'ch', amountCents: 30 })
    expect(of('r-6').applied).toMatchObject([{ cents: -30 }])
  })

  it('speaks to the real openai package, says the same to the same step, and charges each time', async () => {
    const first = client().bind(step('r-7', 1, { keyed: false }), patience())
    const again = client().bind(step('r-7', 1, { keyed: false }), patience())
    const asked = { prompt: 'What next?', maxTokens: 20 }
    const reply = await first.world.complete(asked)
    expect(await again.world.complete(asked)).toEqual(reply)
    expect(reply.text.split(' ').length).toBeGreaterThan(5)
    expect(reply.totalTokens).toBeGreaterThan(5)
    expect(reply.priceMicros).toBeGreaterThan(0)
    expect(first.replies).toHaveLength(1)
    expect(of('r-7').applied.map((line) => line.effect)).toEqual([first.replies[0]!.effect, again.replies[0]!.effect])
  })

  it('fails a probe as scripted, then succeeds', async () => {
    const bound = client().bind(step('r-8', 1), patience())
    const probe = () => bound.world.probe({ failures: 2, value: 'at last' })
    await expect(probe()).rejects.toMatchObject({ name: 'WorldError', status: 500 })
    await expect(probe()).rejects.toBeInstanceOf(WorldError)
    expect(await probe()).toEqual({ value: 'at last' })
    expect(of('r-8').replied.map((line) => line.status)).toEqual([500, 500, 200])
    expect(of('r-8').applied).toHaveLength(1)
    expect(bound.replies).toHaveLength(1)
  })

  it('refuses for good when a probe asks for it', async () => {
    await expect(client().bind(step('r-9', 1), patience()).world.probe({ refuse: true })).rejects.toMatchObject({ name: 'Refused' })
    expect(of('r-9').applied).toHaveLength(0)
    expect(of('r-9').replied).toMatchObject([{ status: 400 }])
  })

  it('meets a probe with the mishaps that it lists: one that hangs has its effect, and is answered when it is tried again', async () => {
    const probe = (ms: number) => client().bind(step('r-15', 1), AbortSignal.timeout(ms)).world.probe({ mishaps: [429, 'hung'], value: 'at last' })
    await expect(probe(10_000)).rejects.toMatchObject({ name: 'WorldError', status: 429 })
    await expect(probe(300)).rejects.toMatchObject({ name: 'WorldError', status: null })
    expect(await probe(10_000)).toEqual({ value: 'at last' })
    expect(of('r-15').replied.map((line) => line.status)).toEqual([429, 0, 200])
    expect(of('r-15').applied).toHaveLength(1)
  })

  it('refuses a declined card, and takes nothing', async () => {
    await expect(client().bind(step('r-16', 1), patience()).world.charge({ customer: 'c', amountCents: 5, card: 'declined' })).rejects.toMatchObject({ name: 'Refused' })
    expect(of('r-16').applied).toEqual([])
  })

  it('lets the model choose tools until it has had enough, the same ones for the same task', async () => {
    const loop = async (workflow: string) => {
      const used: { tool: string; result: string }[] = []
      for (;;) {
        const { tool } = await client().bind(step(workflow, 2 * used.length + 1, { keyed: false }), patience()).world.decide({ question: 'What now?', tools: ['search', 'read'], used })
        if (tool === null) return used.map(({ tool }) => tool)
        used.push({ tool, result: 'something' })
      }
    }
    const chosen = await loop('r-17')
    expect(chosen.length).toBeGreaterThanOrEqual(5)
    expect(chosen.length).toBeLessThanOrEqual(50)
    expect(new Set(chosen)).toEqual(new Set(['search', 'read']))
    expect(await loop('another-17')).toEqual(chosen)
    expect(await loop('r-18')).not.toEqual(chosen)
  })

  it('tells whoever asks of the same next tick', async () => {
    const ask = async (workflow: string) => {
      const bound = client().bind(step(workflow, 1, { keyed: false }), patience())
      const { inMs } = await bound.world.untilNext({ everyMs: 3_600_000 })
      return inMs + lines(world.ledger(), 'replied').find((line) => line.nonce === bound.replies[0]!.nonce)!.t
    }
    expect(Math.abs((await ask('r-19')) - (await ask('r-20')))).toBeLessThan(5)
  })

  it('refuses a keyed endpoint without a key, and a malformed body, and says why', async () => {
    await expect(client().bind(step('r-10', 1, { keyed: false }), patience()).world.ship({ order: 'o' })).rejects.toThrow(/expected an Idempotency-Key for \/shipments/)
    await expect(client().bind(step('r-10', 2), patience()).world.charge({ customer: 'c', amountCents: 0.5 })).rejects.toThrow(/expected amountCents to be a whole number from 1, found 0.5/)
    expect(of('r-10').replied.map((line) => line.status)).toEqual([400, 400])
  })

  it('keeps the chain of replies that a step follows from, whatever a signal is called', async () => {
    const prev = [12, 'signal:a, b/ü%', 'child:r-11/3'] as const
    await client().bind(step('r-11', 4, { prev, inputHash: 4_294_967_295 }), patience()).world.ship({ order: 'o' })
    expect(of('r-11').attempts).toMatchObject([{ a: 'r-11/4#1', seq: 4, step: 'a-step', ih: 4_294_967_295, prev }])
  })

  it('answers 400 to a call without identity, and 404 to an unknown path, and writes nothing', async () => {
    const before = world.ledger().length
    const bare = await fetch(`${world.url}/mail`, { method: 'POST', body: '{}' })
    expect(bare.status).toBe(400)
    expect(await bare.text()).toContain('x-durabench-workflow')
    expect((await fetch(`${world.url}/nowhere`)).status).toBe(404)
    expect(world.ledger()).toHaveLength(before)
  })

  it('survives a request that breaks off, and refuses one that is too long', async () => {
    const before = world.ledger().length
    const { hostname, port } = new URL(world.url)
    const headers = toHeaders({ ...step('r-14', 1), key: null })
    const broken = request({ hostname, port, path: '/mail', method: 'POST', headers: { ...headers, 'content-length': 100 } })
    broken.write('{"to":', () => broken.destroy())
    await expect(once(broken, 'response')).rejects.toThrow('socket hang up')
    await expect(client().bind(step('r-14', 1), patience()).world.mail({ to: 'a', subject: 's'.repeat(2 << 20) })).rejects.toThrow(/413/)
    expect(world.ledger()).toHaveLength(before)
  })

  it('tells who was the nth to be applied, before and after it happened', async () => {
    const nth = (n: number) => fetch(`${world.url}/_durabench/applied?step=awaited&nth=${n}`, { signal: patience() }).then((answer) => answer.json())
    const second = nth(2)
    for (const workflow of ['r-12', 'r-13']) await client().bind(step(workflow, 3, { step: 'awaited' }), patience()).world.ship({ order: 'o' })
    const { t } = of('r-13').applied[0]!
    expect(await second).toEqual({ workflow: 'r-13', seq: 3, t })
    expect(await nth(1)).toMatchObject({ workflow: 'r-12' })
    expect((await fetch(`${world.url}/_durabench/applied?step=awaited&nth=0`)).status).toBe(400)
  })

  it('has every answer in the ledger by the time a client reads it, with 400 in flight', async () => {
    const one = client()
    const bounds = Array.from({ length: 400 }, (_, i) => one.bind(step(`many-${i}`, 1), patience()))
    await Promise.all(bounds.map(async (bound) => {
      await bound.world.probe({ delayMs: 50 })
    }))
    const replied = new Set(lines(world.ledger(), 'replied').map((line) => line.nonce))
    expect(bounds.every((bound) => replied.has(bound.replies[0]!.nonce))).toBe(true)
  })

  it('numbers its nonces and its lines without a gap in the order of time', () => {
    const ledger = world.ledger()
    const nonces = lines(ledger, 'replied').flatMap((line) => line.nonce ?? [])
    expect(nonces).toEqual(nonces.map((_, i) => i + 1))
    expect(ledger.map((line) => line.n)).toEqual(ledger.map((_, i) => i + 1))
    expect(ledger.every((line, i) => i === 0 || line.t >= ledger[i - 1]!.t)).toBe(true)
  })
})
