import { describe, expect, it } from 'vitest'
import { healthy, troubled } from './sample.test-data.ts'
import published from './result.schema.json' with { type: 'json' }
import { resultSchema } from './schema.ts'
import { asResult } from './validate.ts'

const copy = (): Record<string, unknown> => JSON.parse(JSON.stringify(troubled())) as Record<string, unknown>

describe('the published schema', () => {
  it('is that of contract/result.ts (else: node reports/schema.ts > reports/result.schema.json)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(resultSchema())))
  })

  it('accepts results as they are written', () => {
    for (const result of [healthy(), troubled()]) expect(asResult(JSON.parse(JSON.stringify(result)), 'result.json')).toEqual(JSON.parse(JSON.stringify(result)))
  })

  it.each<[string, (result: Record<string, unknown>) => void, RegExp]>([
    ['another version', (result) => { result['schemaVersion'] = 2 }, /schemaVersion must be equal to constant/],
    ['a missing part', (result) => { delete result['points'] }, /required property 'points'/],
    ['an invented verdict', (result) => { point(result)['verdict'] = 'probably' }, /\/points\/0\/verdict/],
    ['a figure that was not a number', (result) => { point(result)['seconds'] = Number.NaN }, /\/points\/0\/seconds must be number/],
    ['an unknown field', (result) => { point(result)['verdit'] = 'pass' }, /\/points\/0 must NOT have additional properties/],
    ['a bucket of three', (result) => { phases(result)[1]!.endLatency.buckets[0] = [1, 2, 3] }, /buckets\/0/],
  ])('rejects %s and says where', (_what, spoil, message) => {
    const result = copy()
    spoil(result)
    expect(() => asResult(JSON.parse(JSON.stringify(result)), 'result.json')).toThrow(message)
  })
})

function point(result: Record<string, unknown>): Record<string, unknown> {
  return (result['points'] as Record<string, unknown>[])[0]!
}

function phases(result: Record<string, unknown>): { endLatency: { buckets: number[][] } }[] {
  return point(result)['phases'] as { endLatency: { buckets: number[][] } }[]
}
