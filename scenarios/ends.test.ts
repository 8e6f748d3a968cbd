// What scenarios have against ends that their inputs can't come to; that they have nothing against real ones is shown where they are played.
import { describe, expect, test } from 'vitest'
import type { Json } from '../contract/json.ts'
import type { Outcome } from '../contract/outcome.ts'
import { scenarios } from './index.ts'

/** The objection to that output, or end, of the first run whose input is so; null: none. */
function objectionTo(name: string, end: Json | Outcome, isMeant: (input: never) => boolean = () => true): string | null {
  const scenario = scenarios.get(name)!
  let index = 0
  while (!isMeant(scenario.input(1, index, null) as never)) index++
  const outcome = typeof end === 'object' && end !== null && 'status' in end ? (end as Outcome) : { status: 'completed' as const, output: { value: end, trace: [] } }
  return scenario.objection!(scenario.input(1, index, null), outcome)
}

const cancelled: Outcome = { status: 'cancelled' }
const failed = (code: string): Outcome => ({ status: 'failed', error: { code, message: '' } })

test.each(['research', 'saga', 'tool-loop', 'big-payload', 'timer-storm'])('%s can neither fail nor be cancelled', (name) => {
  expect(objectionTo(name, failed('exhausted'))).toBe('a run that nothing can fail is failed')
  expect(objectionTo(name, cancelled)).toBe('a run that nothing can fail is cancelled')
})

describe('research', () => {
  type Sources = { readonly sources: readonly { readonly api: string; readonly gone: boolean; readonly mishaps: readonly unknown[] }[] }
  const input = scenarios.get('research')!.input(1, 35, null) as unknown as Sources
  const told = input.sources.map(({ api, gone, mishaps }) => (gone ? 'refused' : mishaps.length > 5 ? 'exhausted' : api))
  const meant = (input: Sources) => input.sources[0]!.api === 'api-35-0'
  test('tells for each source what it answered, or why it did not', () => {
    expect(told).toEqual(expect.arrayContaining(['refused', 'exhausted', 'api-35-0']))
    expect(objectionTo('research', { results: told }, meant)).toBeNull()
  })
  test('mixes up no answers, loses none, and gets none from where nothing answers', () => {
    expect(objectionTo('research', { results: told.with(0, told[1]!).with(1, told[0]!) }, meant)).toMatch(/the answer of api-35-0 can't be/)
    expect(objectionTo('research', { results: told.slice(1) }, meant)).toBe('it asked 100 sources, and tells of 99')
    const down = told.indexOf('exhausted')
    expect(objectionTo('research', { results: told.with(down, `api-35-${down}`) }, meant)).toMatch(/can't be 'api-35/)
  })
})

test('saga books with a good card, and with that alone', () => {
  for (const card of ['good', 'declined']) {
    const isMeant = (input: { card: string }): boolean => input.card === card
    expect(objectionTo('saga', { booked: card === 'good', keptCents: 0 }, isMeant)).toBeNull()
    expect(objectionTo('saga', { booked: card !== 'good', keptCents: 0 }, isMeant)).toContain(`its card was ${card}`)
  }
})

test('tool-loop ends with an answer, after as many turns as a model takes', () => {
  const used = Array<string>(5).fill('search')
  expect(objectionTo('tool-loop', { answer: 'so', used })).toBeNull()
  expect(objectionTo('tool-loop', { answer: '', used })).toBe('it has no answer')
  expect(objectionTo('tool-loop', { answer: 'so', used: used.slice(1) })).toContain('the outcome tells of 4')
})

describe('flaky', () => {
  type Vital = { readonly vital: { readonly refuse: boolean; readonly mishaps: readonly unknown[] } }
  const refused = ({ vital }: Vital): boolean => vital.refuse
  const down = ({ vital }: Vital): boolean => vital.mishaps.length > 12
  const well = ({ vital }: Vital): boolean => !vital.refuse && vital.mishaps.length === 0
  test('fails as its last call does', () => {
    expect([objectionTo('flaky', failed('refused'), refused), objectionTo('flaky', failed('exhausted'), down)]).toEqual([null, null])
    expect(objectionTo('flaky', failed('refused'), down)).toBe('its last call can only be exhausted, and the run is failed as refused')
    expect(objectionTo('flaky', failed('refused'), well)).toContain('can only be answered')
    expect(objectionTo('flaky', { unsteady: 'answered', closed: 'refused' }, refused)).toContain('and the run is completed')
  })
  test('tells what it was refused from what it gave up', () => {
    expect(objectionTo('flaky', { unsteady: 'refused', closed: 'refused' }, well)).toMatch(/an unsteady service .* is said to be refused/)
  })
})

test('big-payload notices a text that was cut or changed on its way', () => {
  const scenario = scenarios.get('big-payload')!
  const [signal] = scenario.signals(1, 0, 'r-0', null)
  const text = signal!.payload as string
  expect(text).toContain('\u0000')
  const draft = text.replace('attachment of ', '')
  expect(objectionTo('big-payload', { draft: draft.slice(1), draftPrint: '', attachmentPrint: '' })).toMatch(/another text/)
  expect(objectionTo('big-payload', { draft, draftPrint: '', attachmentPrint: '' })).toMatch(/another text/)
})

test('timer-storm reminds when it was asked to', () => {
  expect(objectionTo('timer-storm', { offsetMs: -1 })).toMatch(/and says -1/)
})
