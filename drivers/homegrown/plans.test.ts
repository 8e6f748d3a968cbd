// How Postgres carries a batch out. Its plan is made once, for any size, without hash and merge joins: so whatever compares each
// row of a batch with each other one shows here, and nowhere else before a batch is large.
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BatchStatement, strict } from './engine/statement.ts'
import { startPlace, type Place } from './testing/store.ts'

/** As on a worker's connection for batches. */
const options = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'
const sections = { journal: 1, starts: 2, ends: 4, timers: 8, signals: 16, disarmed: 32, later: 64, parents: 128, renewed: 256, timeouts: 512 }

let place: Place
beforeAll(async () => {
  place = await startPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

it.each(Object.entries(sections))('a batch compares no two rows of its own with each other: %s', async (_, mask) => {
  const schema = await place.schema()
  const text = new BatchStatement(schema.name, strict, null).text(mask, 'report')
  const client = new pg.Client({ connectionString: place.url, options })
  await client.connect()
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN, VERBOSE OFF) ${text}`)
  await client.end()
  expect(batchPairs(rows.map((row) => row['QUERY PLAN']))).toEqual([])
})

/** Nested loops whose inner side reads the whole batch, or what a part of it came to, again for each row. */
function batchPairs(plan: readonly string[]): string[] {
  const depthOf = (line: string): number => line.search(/\S/)
  return plan.flatMap((line, i) => {
    if (!/Nested Loop/.test(line)) return []
    const under = plan.slice(i + 1, i + 1 + [...plan.slice(i + 1), ''].findIndex((below) => depthOf(below) <= depthOf(line)))
    const depth = Math.min(...under.filter((below) => below.includes('->')).map(depthOf))
    const [outer, inner] = under.filter((below) => depthOf(below) === depth && below.includes('->'))
    const single = /CTE Scan on fence|Limit|Aggregate/.test(outer ?? '')
    return !single && /Function Scan|CTE Scan on (?!fence)|Materialize/.test(inner ?? '') ? [`${outer?.trim()} × ${inner?.trim()}`] : []
  })
}
