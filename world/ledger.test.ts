import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLedger } from './ledger.ts'
import { readLedger } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'durabench-ledger-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('calls back once the lines before it are in the file', async () => {
  const file = join(folder, 'a.jsonl')
  const ledger = openLedger(file)
  ledger.append({ k: 'applied', a: 'w/1#1', effect: 'e' })
  ledger.append({ k: 'replied', a: 'w/1#1', status: 200, nonce: 1, effect: 'e' })
  expect(readLedger(file)).toEqual([])
  const seen = await new Promise((resolve) => ledger.onceWritten(() => resolve(readLedger(file).map((line) => line.n))))
  expect(seen).toEqual([1, 2])
  ledger.end()
})

it('writes what is still held back, then its end, and takes nothing more', () => {
  const file = join(folder, 'b.jsonl')
  const ledger = openLedger(file)
  ledger.append({ k: 'applied', a: 'w/1#1', effect: 'ü'.repeat(100_000) })
  ledger.end()
  expect(readLedger(file)).toMatchObject([{ n: 1, k: 'applied' }, { n: 2, k: 'end', lines: 2 }])
  expect(() => ledger.append({ k: 'applied', a: 'w/1#1', effect: 'e' })).toThrow(/has ended/)
})

it('does not go on with the file of another world', () => {
  const file = join(folder, 'c.jsonl')
  writeFileSync(file, '')
  expect(() => openLedger(file)).toThrow(/expected a new file/)
})
