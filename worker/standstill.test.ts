import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchStandstills, type Standstill } from './standstill.ts'

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

function block(ms: number): void {
  for (const until = nowMs() + ms; nowMs() < until;);
}

test('a loop that is blocked is told of once, from before it to after it', async () => {
  const told: Standstill[] = []
  using _watch = watchStandstills((standstill) => told.push(standstill))
  await delay(200)
  const before = nowMs()
  block(600)
  const after = nowMs()
  await expect.poll(() => told.length, { timeout: 5_000 }).toBeGreaterThan(0)
  const found = told.find(({ fromMs, untilMs }) => fromMs < after && untilMs > before)!
  expect(found.fromMs).toBeLessThanOrEqual(before)
  expect(found.untilMs).toBeGreaterThanOrEqual(after)
})

test('slices of standing still that follow upon each other are one', async () => {
  const told: Standstill[] = []
  using _watch = watchStandstills((standstill) => told.push(standstill))
  const before = nowMs()
  let after = before
  for (let slice = 0; slice < 3; slice++) {
    block(400)
    after = nowMs()
    // The late tick comes, and the next slice begins before another.
    await delay(1)
  }
  await expect.poll(() => told.some(({ fromMs, untilMs }) => fromMs <= before && untilMs >= after), { timeout: 5_000 }).toBe(true)
})
