import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pages } from './docs.ts'

it.each([...pages()])('docs/%s is what the code says; `npm run docs` writes it', (file, text) => {
  expect(readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8')).toBe(text)
})
