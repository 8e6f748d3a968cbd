// Seeded walks through the model are carried out on a real Postgres with the engine's own statements: same answers, same rows.
// Otherwise the model would prove something about itself only. All 1,000: DURABENCH_WALKS=1000.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Link } from '../engine/index.ts'
import { startPlace, type Place } from '../testing/store.ts'
import { plans } from './plans.ts'
import { Replay } from './replay.ts'
import { walk, type TraceStep } from './traces.ts'

const walks = Number(process.env['DURABENCH_WALKS'] ?? 150)

let place: Place
let link: Link
let replay: Replay
beforeAll(async () => {
  place = await startPlace()
  const schema = await place.schema('model')
  link = schema.link()
  replay = await Replay.open(link, place.url, schema.name)
})
afterAll(async () => {
  await replay.close()
  await link.close()
  await place[Symbol.asyncDispose]()
})

describe('the store does what the model says', () => {
  const all = Object.values(plans)

  it(`in ${walks} walks`, async () => {
    const seen = new Map<string, number>()
    let compared = 0
    for (let seed = 0; seed < walks; seed++) {
      const plan = all[seed % all.length]!
      const trace = walk(plan, seed)
      compared += await replay.run(plan, trace)
      for (const { event } of trace) if (event !== null) seen.set(nameOf(event), (seen.get(nameOf(event)) ?? 0) + 1)
    }
    console.log(`${walks} walks, ${compared} transactions compared: ${[...seen].map(([what, times]) => `${what} ${times}`).join(', ')}`)
    for (const what of ['batch held', 'batch unheld', 'batch refused', 'late batch held', 'late batch unheld', 'take', 'take refused', 'join', 'signal', 'cancel', 'start', 'park', 'adopt']) {
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(0)
    }
  }, 600_000)

  it('and does not when its fence is off', async () => {
    const schema = await place.schema('unfenced')
    const own = schema.link()
    const unfenced = await Replay.open(own, place.url, schema.name, { fence: 'id = $1', onDuplicate: 'ON CONFLICT DO NOTHING', revoke: 'fenced = true', unanswered: 'ask' })
    const trace = firstWalk(({ event }) => event?.what === 'batch' && event.answer === 'unheld' && event.units.length > 0)
    await expect(unfenced.run(plans.steps, trace)).rejects.toThrow('expected the fence to answer unheld, found 1')
    await unfenced.close()
    await own.close()
  })
})

function firstWalk(holds: (step: TraceStep) => boolean): TraceStep[] {
  for (let seed = 0; ; seed++) {
    const trace = walk(plans.steps, seed)
    if (trace.some(holds)) return trace
  }
}

function nameOf(event: NonNullable<ReturnType<typeof walk>[number]['event']>): string {
  return event.what === 'batch' ? `${event.late ? 'late ' : ''}batch ${event.answer}` : event.what
}
