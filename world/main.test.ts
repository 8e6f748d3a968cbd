import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LedgerLine } from '../contract/logs.ts'
import { createWorldClient } from './client.ts'
import { lines, patience, spawnWorld, step } from './testing.ts'

for (const how of ['SIGTERM', 'stdin'] as const) {
  it(`ends its ledger and exits 0 by ${how}, with calls in flight that then never happen`, async () => {
    await using world = await spawnWorld()
    const client = createWorldClient(world.url)
    await client.bind(step('m-1', 1), patience()).world.ship({ order: 'o' })
    const cut = client.bind(step('m-1', 2), patience()).world.probe({ delayMs: 5_000 })
    const settled = expect(cut).rejects.toMatchObject({ name: 'WorldError', status: null })
    while (world.ledger().length < 4) await after(10)
    expect(await world.end(how)).toBe(0)
    await settled
    expect(world.ledger().map((line) => line.k)).toEqual(['attempt', 'applied', 'replied', 'attempt', 'end'])
    expect(world.ledger().at(-1)).toMatchObject({ n: 5, lines: 5 })
  })
}

it('ends its ledger when asked, answers with the counts, and does nothing afterwards', async () => {
  await using world = await spawnWorld()
  const { world: bound } = createWorldClient(world.url).bind(step('m-2', 1), patience())
  await bound.ship({ order: 'o' })
  const cut = expect(createWorldClient(world.url).bind(step('m-2', 2), patience()).world.probe({ delayMs: 200 })).rejects.toMatchObject({ name: 'WorldError', status: null })
  while (world.ledger().length < 4) await after(10)
  const answer = await fetch(`${world.url}/_durabench/close`, { method: 'POST' })
  expect(await answer.json()).toEqual({ lines: 5, attempts: 2, applied: 1, replied: 1, inFlight: 0, ended: true })
  await cut
  await after(300) // by now the cut call would have had its effect
  await expect(bound.ship({ order: 'o' })).rejects.toMatchObject({ name: 'WorldError', status: 503 })
  expect((await fetch(`${world.url}/_durabench/applied?step=a-step&nth=9`, { signal: patience() })).status).toBe(503)
  expect(world.ledger().map((line) => line.k)).toEqual(['attempt', 'applied', 'replied', 'attempt', 'end'])
  expect(world.ledger().at(-1)).toMatchObject({ n: 5, lines: 5 })
  expect(await world.end('stdin')).toBe(0)
  expect(world.ledger()).toHaveLength(5)
})

it('answers a wait that can no longer be fulfilled', async () => {
  await using world = await spawnWorld()
  const never = fetch(`${world.url}/_durabench/applied?step=never&nth=1`, { signal: patience() })
  await fetch(`${world.url}/_durabench/stats`)
  await fetch(`${world.url}/_durabench/close`, { method: 'POST' })
  expect((await never).status).toBe(503)
})

it('stops, rather than answer without evidence, when its ledger can not grow', async () => {
  await using world = await spawnWorld({}, { fileLimitBlocks: 4 })
  const client = createWorldClient(world.url)
  const answered: number[] = []
  for (let seq = 1; ; seq++) {
    const bound = client.bind(step('m-3', seq), patience())
    if (await bound.world.ship({ order: 'o' }).then(() => false, () => true)) break
    answered.push(bound.replies[0]!.nonce)
  }
  expect(await world.exit).toBe(1)
  expect(world.stderr()).toMatch(/^world: the world's ledger .* can't be written: EFBIG.*; the run has no evidence from here on\n$/)
  const whole = readFileSync(world.ledgerFile, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as LedgerLine)
  expect(answered.length).toBeGreaterThan(2)
  expect(lines(whole, 'replied').map((line) => line.nonce)).toEqual(expect.arrayContaining(answered))
})

it('listens on the loopback interface alone', async () => {
  await using world = await spawnWorld()
  const { port } = new URL(world.url)
  // 127.0.0.2 is this host too: a server bound to every interface would answer there.
  const [error] = await once(connect(Number(port), '127.0.0.2'), 'error') as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNREFUSED')
})

describe('a world that can not start says why, in one line', () => {
  const start = (settings: string | undefined) => {
    const { DURABENCH_WORLD: _, ...env } = process.env
    const ended = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: settings === undefined ? env : { ...env, DURABENCH_WORLD: settings }, encoding: 'utf8', input: '', timeout: 20_000,
    })
    expect(ended.status).toBe(1)
    expect(ended.stdout).toBe('')
    return ended.stderr.trimEnd()
  }
  const settings = (rest: object) => JSON.stringify({
    seed: 1, ledgerFile: '/nonexistent/world.jsonl', latency: { medianMs: 1, p99Ms: 2 }, failures: { status429: 0, status500: 0, hungAfterApplied: 0 }, ...rest,
  })

  it.each([
    ['no settings', undefined, 'DURABENCH_WORLD is not set'],
    ['no JSON', '{', 'expected JSON, found {'],
    ['a p99 below the median', settings({ latency: { medianMs: 5, p99Ms: 2 } }), 'expected p99Ms to be a number from 5 to 600000, found 2'],
    ['failures above 1', settings({ failures: { status429: 0.6, status500: 0.6, hungAfterApplied: 0 } }), 'expected failures that add up to 1 at most, found 1.2'],
    ['a missing seed', settings({ seed: undefined }), 'expected seed to be a number'],
    ['a folder that is not there', settings({}), "expected a new file for the world's ledger at /nonexistent/world.jsonl"],
  ])('%s', (_name, text, expected) => {
    const said = start(text)
    expect(said).toContain(expected)
    expect(said.split('\n')).toHaveLength(1)
  })

  it('an occupied port', async () => {
    await using world = await spawnWorld()
    const port = Number(new URL(world.url).port)
    const ledgerFile = join(world.folder, 'another.jsonl')
    expect(start(settings({ port, ledgerFile }))).toContain(`can't listen on 127.0.0.1:${port}`)
    expect(existsSync(ledgerFile)).toBe(false)
  })
})
