import { expect, it } from 'vitest'
import type { IntakeAnswer } from '../contract/intake.ts'
import { scanAnswers } from './answers.ts'

function scan(line: string): unknown[] {
  const answers: unknown[] = []
  scanAnswers(line, (n, kind, value) => answers.push([n, kind, value]))
  return answers
}

const awkward: IntakeAnswer[] = [
  [1, 'ok', 'started'],
  [2, 'ok', null],
  [3, 'ok', { a: { status: 'running' }, 'b"]': { status: 'completed', output: { value: [[], {}, '\\', '\\"', ']}', 'ü €'], trace: [1, 2] } } }],
  [4, 'rejected', 'a "quoted\\" reason ],['],
  [5, 'unknown', ''],
  [6, 'bug', 'line\nbreak'],
  [987654321, 'outcome', { status: 'failed', error: { code: 'refused', message: '}' } }],
  [8, 'ok', -1.5e-7],
]

it('cuts a line into answers whose values are the text that the app wrote', () => {
  expect(scan(JSON.stringify(awkward))).toEqual(awkward.map(([n, kind, value]) => [n, kind, JSON.stringify(value)]))
  for (const answer of awkward) expect(scan(JSON.stringify([answer]))).toHaveLength(1)
  expect(scan('[]')).toEqual([])
})

it.each(['', '[', '{}', '[[1,"ok"]]', '[[1,"maybe",1]]', '[[1,"ok","x]]', '[[1,"ok",1]', '[[1,"ok",{]]', '[ [1,"ok",1]]', '[[1,"ok",1],]', 'null'])('refuses %s', (line) => {
  expect(() => scan(line)).toThrow(/expected a line of answers/)
})
