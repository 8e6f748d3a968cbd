// The load process as the harness uses it, against an engine in memory behind real sockets.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LoadPhase } from '../contract/plan.ts'
import { Engine } from './testing/engine.ts'
import { expectValid, of, startInvokes } from './testing/history.ts'
import { LoadUnderTest, openAt } from './testing/play.ts'

const closed: LoadPhase = { name: 'saturate', kind: 'closed', concurrency: 20, seconds: 0.5, warmupSeconds: 0.2 }

describe('a closed phase', () => {
  it('keeps that many runs in flight, follows all, and measures without the warm-up', async () => {
    const engine = new Engine({ workMs: 5 })
    await using load = await LoadUnderTest.begin(engine, [closed], { followedShare: 0 })
    await load.followed()
    const { left, done, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    const [phase] = done.phases
    expect(phase).toMatchObject({ name: 'saturate', kind: 'closed', firstIndex: 0, lastIndex: engine.runs.size, offeredPerSecond: null })
    expect(phase!.measuredFrom).toBeGreaterThanOrEqual(20)
    expect(phase!.started).toBe(phase!.lastIndex - phase!.measuredFrom)
    expect(phase!.completed).toBe(phase!.started)
    expect(phase!.endLatency!.count).toBe(phase!.completed)
    expect(phase!.endLatency!.minUs).toBeGreaterThan(4_000)
    expect(phase!.endMs - phase!.beginMs).toBeGreaterThanOrEqual(499)
    const seen = of(history, 'seen').filter(({ reader }) => reader === 'live')
    expect(new Set(seen.map(({ id }) => id)).size).toBe(engine.runs.size)
    expect(seen[0]!.outcome).toEqual(engine.runs.get(seen[0]!.id)!.outcome)
  })

  it('gives the place of a run that no app knows to another', async () => {
    const engine = new Engine({ workMs: 60_000, volatile: true })
    await using load = await LoadUnderTest.begin(engine, [{ ...closed, seconds: 1 }])
    await load.told('progress', ({ started }) => started === 20)
    await load.apps[0]!.die()
    engine.runs.clear()
    await load.apps[0]!.live()
    await load.told('progress', ({ started }) => started === 40)
    const { left, history } = await load.end(500)
    expectValid(history)
    expect(left).toBe(40)
    expect(of(history, 'seen').every(({ reader }) => reader === 'drain')).toBe(true)
  })
})

describe('an open phase', () => {
  it('has the same arrivals for the same seed, others for another, at the asked rate', async () => {
    const offsets = async (seed: number): Promise<number[]> => {
      await using load = await LoadUnderTest.begin(new Engine(), [openAt(1_000, 1)], { seed })
      const { history } = await load.end()
      expectValid(history)
      const intended = startInvokes(history).map((line) => line.intended)
      return intended.map((ms) => ms - intended[0]!)
    }
    const [a, b, c] = [await offsets(1), await offsets(1), await offsets(2)]
    // Times in the history are whole microseconds.
    const same = (x: readonly number[], y: readonly number[]): boolean => x.length === y.length && x.every((ms, i) => Math.abs(ms - y[i]!) < 0.005)
    expect(same(a, b)).toBe(true)
    expect(same(a, c)).toBe(false)
    expect(a.length).toBeGreaterThan(1_000 - 4 * Math.sqrt(1_000))
    expect(a.length).toBeLessThan(1_000 + 4 * Math.sqrt(1_000))
  })

  it('delays no arrival when the engine hangs, and counts the wait as latency', async () => {
    const engine = new Engine({ swallow: (nth) => nth <= 30 })
    await using load = await LoadUnderTest.begin(engine, [openAt(100, 0.6)], { callDeadlineMs: 300 })
    const { left, done, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    const [phase] = done.phases
    expect(phase!.started).toBe(engine.runs.size)
    expect(phase!.scheduleLag!.count).toBe(phase!.started)
    expect(phase!.acceptLatency!.maxUs).toBeGreaterThan(300_000)
    const swallowed = of(history, 'info')
    expect(swallowed).toHaveLength(30)
    for (const { id, call } of swallowed) {
      const retried = startInvokes(history).filter((line) => line.id === id)
      expect(retried.map(({ intended }) => intended)).toEqual([retried[0]!.intended, retried[0]!.intended])
      expect(retried[0]!.n).toBe(call)
    }
  })

  it('reads in bulk what nobody followed', async () => {
    await using load = await LoadUnderTest.begin(new Engine(), [openAt(500, 0.5)], { followedShare: 0.2 })
    const { left, done, history } = await load.end()
    expect(left).toBe(0)
    const readers = Map.groupBy(of(history, 'seen'), ({ reader }) => reader)
    const live = readers.get('live')!.length
    // Who is followed may still be told of first by the bulk read.
    const first = [...Map.groupBy(of(history, 'seen'), ({ id }) => id).values()].filter(([seen]) => seen!.reader === 'live')
    expect(live / done.phases[0]!.started).toBeGreaterThan(0.1)
    expect(live / done.phases[0]!.started).toBeLessThan(0.35)
    expect(new Set(of(history, 'seen').map(({ id }) => id)).size).toBe(done.phases[0]!.started)
    expect(done.phases[0]).toMatchObject({ completed: done.phases[0]!.started })
    expect(done.phases[0]!.endLatency!.count).toBe(first.length)
  })

  it('takes its rate from an earlier closed phase', async () => {
    await using load = await LoadUnderTest.begin(new Engine({ workMs: 20 }), [closed, { name: 'half', kind: 'open', rate: { shareOf: 'saturate', share: 0.5 }, seconds: 0.3, warmupSeconds: 0 }])
    const { done } = await load.end()
    const [saturate, half] = done.phases
    const perSecond = saturate!.endedInWindow / ((saturate!.endMs - saturate!.beginMs) / 1e3)
    expect(half!.offeredPerSecond).toBeCloseTo(perSecond / 2, 5)
    expect(half!.firstIndex).toBe(saturate!.lastIndex)
  })
})

it('a closed phase may take its concurrency from an earlier one, within bounds', async () => {
  const engine = new Engine({ workMs: 10 })
  const from = (atLeast: number, atMost: number): LoadPhase => ({ ...closed, name: `${atLeast}`, seconds: 0.2, warmupSeconds: 0, concurrency: { from: 'saturate', secondsOfWork: 0.05, atLeast, atMost, wholeRuns: 0 } })
  await using load = await LoadUnderTest.begin(engine, [closed, from(1, 7), from(300, 400)])
  const { done, history } = await load.end()
  for (const [phase, concurrency] of [[1, 7], [2, 300]] as const) {
    const { firstIndex } = done.phases[phase]!
    const begun = startInvokes(history).findIndex(({ id }) => id === `test-${firstIndex}`)
    const atOnce = startInvokes(history).slice(begun, begun + concurrency)
    const firstEnd = of(history, 'seen').find(({ id }) => atOnce.some((start) => start.id === id))!
    expect(atOnce.every(({ n }) => n < firstEnd.n)).toBe(true)
    expect(startInvokes(history)[begun + concurrency]!.n).toBeGreaterThan(firstEnd.n)
  }
})

it('a stop ends the phases, says so, and what was in flight still ends', async () => {
  await using load = await LoadUnderTest.begin(new Engine({ workMs: 50 }), [openAt(100, 60), closed])
  await load.told('progress', ({ started }) => started > 10)
  load.tell({ type: 'stop' })
  const { left, done, history } = await load.end()
  expectValid(history)
  expect(left).toBe(0)
  expect(done.phases).toMatchObject([{ name: 'open', invalid: expect.arrayContaining(['the phase was stopped early']) as unknown }])
})

it('batches start when released, with ids known beforehand, and report their end', async () => {
  const engine = new Engine({ workMs: 20 })
  await using load = await LoadUnderTest.begin(engine, [closed, { name: 'faults', kind: 'batches', sizes: [5, 3] }])
  const { firstIndex } = await load.told('phase', ({ name }) => name === 'faults')
  const before = engine.runs.size
  await sleep(100)
  expect(engine.runs.size).toBe(before)
  load.tell({ type: 'release', batch: 1 })
  await load.told('batch', ({ batch, state }) => batch === 1 && state === 'ended')
  for (const i of [5, 6, 7]) expect(engine.runs.get(`test-${firstIndex + i}`)?.outcome.status).toBe('completed')
  expect(engine.runs.has(`test-${firstIndex}`)).toBe(false)
  load.tell({ type: 'release', batch: 0 })
  const { left, done, history } = await load.end()
  expectValid(history)
  expect(left).toBe(0)
  expect(done.phases[1]).toMatchObject({ kind: 'batches', started: 8, completed: 8 })
})

it('signals are sent after the acknowledgement, as envelopes, to another app when one rejects them', async () => {
  const engine = new Engine({ volatile: true, workMs: 2_500 })
  await using load = await LoadUnderTest.begin(engine, [openAt(100, 0.5)], { appCount: 2, scenario: 'purchase', params: {} })
  const { left, history } = await load.end(8_000)
  expectValid(history)
  expect(left).toBe(0)
  const acknowledged = of(history, 'ok').filter(({ op }) => op === 'signal')
  expect(acknowledged.length).toBeGreaterThan(20)
  expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(acknowledged.length)
  expect(of(history, 'fail').length).toBeGreaterThan(0)
  for (const { slot, id, signalId, payload } of engine.signals) {
    expect(engine.runs.get(id)!.slot).toBe(slot)
    expect(payload).toMatchObject({ s: signalId, p: { approve: expect.any(Boolean) as unknown } })
  }
})

it('rivals of one time, a cancel among them, leave at once and through different apps', async () => {
  const engine = new Engine({ workMs: 2_000 })
  await using load = await LoadUnderTest.begin(engine, [{ name: 'rivals', kind: 'batches', sizes: [40] }], { appCount: 2, scenario: 'approval-race' })
  await load.told('phase')
  load.tell({ type: 'release', batch: 0 })
  const { left, history } = await load.end(8_000)
  expectValid(history)
  expect(left).toBe(0)
  const sent = Map.groupBy(of(history, 'invoke').filter((line) => line.op !== 'start'), ({ id }) => id)
  const rivals = [...sent.values()].filter((lines) => lines.length > 1)
  expect(rivals.length).toBeGreaterThan(20)
  for (const [first, second] of rivals) {
    expect(second!.t - first!.t).toBeLessThan(5)
    expect(second!.app).not.toBe(first!.app)
  }
  expect(engine.cancels.map(({ id }) => id).toSorted()).toEqual(Array.from({ length: 8 }, (_, i) => `test-${5 * i + 4}`).toSorted())
  for (const { id } of engine.cancels) expect(of(history, 'seen').find((line) => line.id === id)?.outcome).toEqual({ status: 'cancelled' })
})

it('a cancel that every app rejects is over, and is not sent again', async () => {
  const engine = new Engine({ workMs: 1 })
  await using load = await LoadUnderTest.begin(engine, [{ name: 'late', kind: 'batches', sizes: [5] }], { appCount: 2, scenario: 'children' })
  await load.told('phase')
  load.tell({ type: 'release', batch: 0 })
  const { left, history } = await load.end(4_000)
  expectValid(history)
  expect(left).toBe(0)
  expect(engine.cancels).toEqual([])
  expect(of(history, 'fail').filter(({ op }) => op === 'cancel')).toHaveLength(4)
})

it('outcomes are read again through another app', async () => {
  const engine = new Engine()
  await using load = await LoadUnderTest.begin(engine, [openAt(300, 0.3)], { appCount: 2 })
  await load.told('phases-over')
  load.tell({ type: 'drain', deadlineMs: 3_000 })
  await load.told('drained')
  load.tell({ type: 'read', reader: 'reread', sample: 10 })
  expect(await load.told('read')).toMatchObject({ reader: 'reread', read: 10, missed: 0 })
  load.tell({ type: 'read', reader: 'again' })
  expect(await load.told('read', ({ reader }) => reader === 'again')).toMatchObject({ read: engine.runs.size, missed: 0 })
  const { history } = await load.finish()
  expectValid(history)
  for (const line of of(history, 'seen')) expect(line.outcome).toEqual(engine.runs.get(line.id)!.outcome)
})

it('refuses an unknown scenario and a rate taken from a phase that is not there', async () => {
  await using first = await LoadUnderTest.begin(new Engine(), [closed], { scenario: 'nonsense' })
  await expect(first.told('phase')).rejects.toThrow(/expected one of the scenarios .*found 'nonsense'/)
  await using second = await LoadUnderTest.begin(new Engine(), [{ name: 'half', kind: 'open', rate: { shareOf: 'saturate', share: 0.5 }, seconds: 1, warmupSeconds: 0 }])
  await expect(second.told('phases-over')).rejects.toThrow(/earlier closed phase named 'saturate'/)
})
