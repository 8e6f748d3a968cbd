import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bareRecord } from '../contract/logs.ts'
import { openBareLedger } from './bare-ledger.ts'

const { bytes, magic, tick, step, end } = bareRecord

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durabench-bare-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const content = (): Buffer => readFileSync(join(folder, 'bare-worker0-1.bin'))

function records(): { n: number; kind: number; at: number }[] {
  const file = content()
  return Array.from({ length: file.length / bytes - 1 }, (_, i) => {
    const at = (i + 1) * bytes
    return { n: file.readUInt32LE(at), kind: file[at + 4]!, at }
  })
}

it('a step is in the file when its append resolves, with the time of its tick before it', async () => {
  const ledger = openBareLedger(folder, 'worker0-1', 'rate-s1')
  await ledger.append(7, 2, 5_000_000_000, 4_000_000_000)
  const [before, written] = records()
  expect(before).toMatchObject({ n: 1, kind: tick })
  expect(content().readDoubleLE(before!.at + 8)).toBeCloseTo(Number(process.hrtime.bigint()) / 1e6, -4)
  expect(written).toMatchObject({ n: 2, kind: step })
  const { at } = written!
  expect([content().readUInt32LE(at + 8), content().readUInt32LE(at + 12), content().readDoubleLE(at + 16), content().readDoubleLE(at + 24)]).toEqual([7, 2, 5_000_000_000, 4_000_000_000])
  ledger.close()
})

it('begins with the run that it belongs to and ends with the count of its records', () => {
  openBareLedger(folder, 'worker0-1', 'rate-s1').close()
  expect(content().toString('latin1', 0, 4)).toBe(magic)
  expect(content().toString('latin1', 8, bytes).replace(/\0+$/, '')).toBe('rate-s1')
  expect(records()).toMatchObject([{ n: 1, kind: end }])
  expect(content().readUInt32LE(bytes + 8)).toBe(1)
})

it('a tick of very many steps is written in parts, numbered without a gap, and the first need not wait for its end', async () => {
  const ledger = openBareLedger(folder, 'worker0-1', 'rate-s1')
  const order: string[] = []
  setImmediate(() => order.push('end of the tick'))
  const first = ledger.append(0, 1, 1, 0).then(() => order.push('first step'))
  const rest = Array.from({ length: 4_999 }, (_, i) => ledger.append(i + 1, 1, i + 2, 0))
  await Promise.all([first, ...rest])
  await new Promise(setImmediate)
  ledger.close()
  expect(order).toEqual(['first step', 'end of the tick'])
  expect(records().map(({ n }) => n)).toEqual(records().map((_, i) => i + 1))
  const steps = records().filter(({ kind }) => kind === step).map(({ at }) => content().readUInt32LE(at + 8))
  expect(steps).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
})

it('closing writes what its tick still held, and nothing after the end', async () => {
  const ledger = openBareLedger(folder, 'worker0-1', 'rate-s1')
  const appended = ledger.append(1, 1, 1, 0)
  ledger.close()
  await appended
  await new Promise(setImmediate)
  expect(records().map(({ kind }) => kind)).toEqual([tick, step, end])
})

it('loses nothing that a body returned when the process is killed', () => {
  const program = `
    import { openBareLedger } from ${JSON.stringify(import.meta.resolve('./bare-ledger.ts'))}
    const ledger = openBareLedger(${JSON.stringify(folder)}, 'worker0-1', 'rate-s1')
    for (let i = 1; i <= 50; i++) await ledger.append(i, 1, i, 0)
    process.kill(process.pid, 'SIGKILL')`
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', program]).signal).toBe('SIGKILL')
  expect(records().filter(({ kind }) => kind === step)).toHaveLength(50)
})

it('never continues the file of another process', () => {
  openBareLedger(folder, 'worker0-1', 'rate-s1').close()
  expect(() => openBareLedger(folder, 'worker0-1', 'rate-s1')).toThrow(/EEXIST/)
})
