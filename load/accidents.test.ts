// What load makes of dead apps, hanging engines, rejections and a vanished harness.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Engine } from './testing/engine.ts'
import { expectValid, of, startInvokes } from './testing/history.ts'
import { LoadUnderTest, openAt } from './testing/play.ts'

describe('accidents', () => {
  it('an app that dies and comes back: what was open is unknown, is tried again, and every run ends', async () => {
    const engine = new Engine({ workMs: 30 })
    await using load = await LoadUnderTest.begin(engine, [openAt(500, 1)], { appCount: 2 })
    await load.told('progress')
    await load.apps[0]!.die()
    await sleep(100)
    await load.apps[0]!.live()
    await load.followed()
    const { left, done, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    expect(done.phases[0]!.endLatency!.count).toBe(done.phases[0]!.started)
    expect(new Set(startInvokes(history).map(({ app }) => app))).toEqual(new Set([0, 1]))
  })

  it('a start whose connection was lost is unknown, and is tried again through the other app', async () => {
    const engine = new Engine({ swallow: (nth) => nth <= 10 })
    await using load = await LoadUnderTest.begin(engine, [{ name: 'b', kind: 'batches', sizes: [10] }], { appCount: 2, callDeadlineMs: 60_000 })
    await load.told('phase')
    load.tell({ type: 'release', batch: 0 })
    for (const app of load.apps) {
      await expect.poll(() => engine.starts.length).toBeGreaterThanOrEqual(10)
      await app.die()
      await sleep(100)
      await app.live()
    }
    const { left, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    const lost = of(history, 'info')
    expect(lost).toHaveLength(10)
    for (const { id, call, error } of lost) {
      expect(error).toBe('the connection to the app was lost')
      const [first, second] = startInvokes(history).filter((line) => line.id === id)
      expect(first!.n).toBe(call)
      expect(second!.app).toBe(1 - first!.app)
    }
  })

  it('no living app: starts wait for the first, and their latency runs from the intended time', async () => {
    const engine = new Engine()
    await using load = await LoadUnderTest.begin(engine, [openAt(200, 0.5)])
    await load.told('phase')
    await load.apps[0]!.die()
    await sleep(600)
    await load.apps[0]!.live()
    const { left, done, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    expect(done.phases[0]!.acceptLatency!.maxUs).toBeGreaterThan(300_000)
    expect(done.phases[0]!.scheduleLag!.p50Us).toBeLessThan(300_000)
  })

  it('a start that is rejected is final', async () => {
    const engine = new Engine({ reject: (id) => id === 'test-3' })
    await using load = await LoadUnderTest.begin(engine, [{ name: 'b', kind: 'batches', sizes: [10] }])
    await load.told('phase')
    load.tell({ type: 'release', batch: 0 })
    const { left, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    expect(of(history, 'fail')).toMatchObject([{ op: 'start', id: 'test-3', error: 'not today' }])
    expect(engine.starts.filter(({ id }) => id === 'test-3')).toHaveLength(1)
  })

  it('a start that is never answered stays unknown when the drain ends, and nothing is asked after it', async () => {
    const engine = new Engine({ swallow: () => true })
    await using load = await LoadUnderTest.begin(engine, [openAt(100, 0.2)], { callDeadlineMs: 100 })
    await load.told('phases-over')
    load.tell({ type: 'drain', deadlineMs: 600 })
    const { left } = await load.told('drained')
    const asked = engine.starts.length
    await sleep(300)
    const { done, history } = await load.finish()
    expectValid(history)
    expect(left).toBe(done.phases[0]!.started)
    expect(engine.starts.length).toBe(asked)
    expect(of(history, 'seen').every(({ reader, outcome }) => reader === 'drain' && outcome.status === 'absent')).toBe(true)
  })

  it('the process ends when the harness does', async () => {
    await using load = await LoadUnderTest.begin(new Engine(), [openAt(100, 60)])
    await load.told('progress')
    expect(await load.abandon()).toBe(0)
  })
})

describe('doubled starts', () => {
  it('go to two apps at once', async () => {
    const engine = new Engine()
    await using load = await LoadUnderTest.begin(engine, [openAt(200, 0.5)], { appCount: 2, doubledShare: 0.5 })
    const { left, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    const byId = [...Map.groupBy(engine.starts, ({ id }) => id).values()]
    const doubled = byId.filter((calls) => calls.length === 2)
    expect(doubled.length / byId.length).toBeGreaterThan(0.3)
    expect(doubled.length / byId.length).toBeLessThan(0.7)
    for (const calls of doubled) expect(new Set(calls.map(({ slot }) => slot)).size).toBe(2)
    expect(of(history, 'ok').filter((line) => line.op === 'start' && line.how === 'existing')).toHaveLength(doubled.length)
  })

  it('that one app accepts and one rejects run, and their ends are seen', async () => {
    const engine = new Engine({ workMs: 20, reject: (_id, slot) => slot === 0 })
    await using load = await LoadUnderTest.begin(engine, [openAt(200, 0.3)], { appCount: 2, doubledShare: 1 })
    await load.followed()
    const { left, done, history } = await load.end()
    expectValid(history)
    expect(left).toBe(0)
    expect(of(history, 'fail')).toHaveLength(engine.runs.size)
    expect(done.phases[0]!.endLatency!.count).toBe(engine.runs.size)
  })
})
