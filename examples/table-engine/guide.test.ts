import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const guide = readFileSync(new URL('../../docs/add-an-engine.md', import.meta.url), 'utf8')
const code = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))

it('is quoted by the guide as it is', () => {
  const quotes = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, quote]) => quote!)
  expect(quotes.length).toBeGreaterThan(5)
  for (const quote of quotes) expect(code.some((text) => text.includes(quote)), `found in no file of the example:\n${quote}`).toBe(true)
})
