import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../scenarios/index.ts'
import { checkEvidence, checkPoint, type PointCheck } from './check.ts'
import type { InvariantName } from '../contract/plan.ts'
import { corruptions } from './corruptions/check.ts'
import { invariants } from './invariants/index.ts'
import type { Logs } from './logs.ts'
import { evidenceOf } from './read/evidence.ts'
import { writeBarePoint } from './testing/bare-point.ts'
import { temporaryFolder, writeLogs } from './testing/folder.ts'
import { legalBare, legalDoubles, legalOffers, legalPurchases, legalRaces, legalTeams, legalTrips } from './testing/legal.ts'
import { transferred } from './testing/transferred.ts'

/** What an invariant reads of these only excuses something, or bounds a time: no change of it alone is illegal. */
const excused: Partial<Record<InvariantName, readonly string[]>> = {
  signals: ['L'], cancel: ['J'], 'start-dedup': ['H'], liveness: ['L'], evidence: ['J'],
}

const check = (logs: Logs): PointCheck => checkEvidence(evidenceOf(logs, scenarios), [])
const notPassed = ({ invariants }: PointCheck) => invariants.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict, why, findings }) => ({ name, verdict, why, findings }))

describe('legal logs pass every invariant, and every corruption of them is noticed', () => {
  it('purchases: signals early, during and never, a kill with a caused duplicate, a take-over with a zombie', () => {
    const checked = check(legalPurchases())
    expect(notPassed(checked)).toEqual([])
    expect(checked.verdict).toBe('pass')
    expect(checked.duplicates).toEqual({ unkeyedEffects: 1, keyedAttempts: 1, bareSteps: 0, crashes: 1, extraModelMicros: 0 })
    expect(checked.corruptions.unnoticed).toEqual([])
  })

  it('races: each rival wins, at different times; a cancel among them', () => {
    const checked = check(legalRaces())
    expect(notPassed(checked)).toEqual([])
    expect(checked.corruptions.unnoticed).toEqual([])
    expect(checked.invariants.find(({ name }) => name === 'races')).toMatchObject({ exposures: 5, measures: { 'won.signal': 4, 'won.time-out': 1 } })
  })

  it('teams of parents and children: to their end, and called off', () => {
    const checked = check(legalTeams())
    expect(notPassed(checked)).toEqual([])
    expect(checked.corruptions.unnoticed).toEqual([])
    const exposures = Object.fromEntries(checked.invariants.map(({ name, exposures }) => [name, exposures]))
    expect(exposures).toMatchObject({ cancel: 2, orphans: 2 * 6 + 2 * 2 })
  })

  it('trips, ids that were started twice, and offers in two versions', () => {
    for (const logs of [legalTrips(), legalDoubles(), legalOffers()]) {
      const checked = check(logs)
      expect(notPassed(checked)).toEqual([])
      expect(checked.corruptions.unnoticed).toEqual([])
    }
  })

  it('each corruption is tried on one of these points', () => {
    const tried = [legalPurchases(), legalRaces(), legalTeams(), legalTrips(), legalDoubles(), legalOffers(), transferred()].flatMap((logs) => check(logs).corruptions.tried.map(({ name }) => name))
    expect(new Set(tried)).toEqual(new Set(corruptions.map(({ name }) => name)))
  })

  it.each(invariants)('there is a corruption of each log that $name rests on', ({ name, reads }) => {
    const letters = { history: 'H', world: 'L', bare: 'L', journal: 'J', table: 'E', faults: '' } as const
    const has = new Set(corruptions.filter(({ invariant }) => invariant === name).map(({ log }) => log))
    const lacks = [...new Set(reads.map((log) => letters[log]).filter((letter) => letter !== ''))].filter((log) => !has.has(log))
    expect(lacks).toEqual(excused[name] ?? [])
  })

  it('bare steps: a kill with a caused duplicate', () => {
    const checked = check(legalBare())
    expect(notPassed(checked)).toEqual([])
    expect(checked.duplicates).toMatchObject({ bareSteps: 1, crashes: 1 })
    expect(checked.corruptions.unnoticed).toEqual([])
    expect(checked.corruptions.tried.map(({ log }) => log)).toEqual(expect.arrayContaining(['H', 'L', 'J']))
  })

  it('twenty thousand records of bare steps from files, a worker killed with runs in flight', async () => {
    using folder = temporaryFolder()
    await writeBarePoint(folder.path, { runs: 2_000, steps: 10, inFlight: 100 })
    const checked = await checkPoint(folder.path)
    expect(notPassed(checked)).toEqual([])
    expect(checked.duplicates.bareSteps).toBe(50)
    expect(checked.invariants.find(({ name }) => name === 'stability')?.exposures).toBe(2_000)
  })
})

describe('a folder of logs', () => {
  const onFiles = async (logs: Logs, change: (path: (file: string) => string) => void): Promise<PointCheck> => {
    using folder = temporaryFolder()
    writeLogs(folder.path, logs)
    change((file) => join(folder.path, file))
    return await checkPoint(folder.path)
  }
  const damageOf = ({ evidence }: PointCheck) => evidence.files.flatMap(({ file, damage }) => damage.map((what) => `${file}: ${what}`))

  it('gives the verdicts of the same logs in memory', async () => {
    for (const logs of [legalPurchases(), legalBare()]) {
      const { verdict, invariants } = await onFiles(logs, () => undefined)
      expect({ verdict, invariants }).toEqual({ verdict: 'pass', invariants: check(logs).invariants })
    }
  })

  it('without point.json is refused with what to do', async () => {
    using folder = temporaryFolder()
    await expect(checkPoint(folder.path)).rejects.toThrow('name the folder of one point')
  })

  it.each(['history.jsonl', 'world.jsonl', 'faults.jsonl', 'journal.jsonl'])('is unknown without %s, or fails for what others show, but never passes', async (file) => {
    const checked = await onFiles(legalPurchases(), (path) => rmSync(path(file)))
    expect(checked.verdict).toBe('unknown')
    expect(damageOf(checked)).toContain(`${file}: the file is missing`)
  })

  it.each(['history.jsonl', 'world.jsonl', 'faults.jsonl', 'journal.jsonl'])('is unknown with %s torn in its last line', async (file) => {
    const checked = await onFiles(legalPurchases(), (path) => truncateSync(path(file), readFileSync(path(file)).length - 9))
    expect(checked.verdict).toBe('unknown')
  })

  it('is unknown with a line that is not JSON, or not what it should be', async () => {
    for (const bad of ['{"n":5,"t":', 'null', '{"n":5,"t":1,"k":"?"}']) {
      const checked = await onFiles(legalPurchases(), (path) => writeFileSync(path('world.jsonl'), readFileSync(path('world.jsonl'), 'utf8').split('\n').with(4, bad).join('\n')))
      expect(checked.verdict).toBe('unknown')
      expect(damageOf(checked).join()).toMatch(/line 5/)
    }
  })

  it('takes the torn record of a killed worker for what it is', async () => {
    const checked = await onFiles(legalBare(), (path) => appendFileSync(path('bare-worker0-1.bin'), Buffer.alloc(20, 1)))
    expect(checked.verdict).toBe('pass')
    expect(checked.evidence.files.find(({ file }) => file === 'bare-worker0-1.bin')?.infos).toHaveLength(1)
  })

  it('is unknown with a bare ledger of another run', async () => {
    const checked = await onFiles(legalBare(), (path) => {
      const bytes = readFileSync(path('bare-worker1-2.bin'))
      bytes.write('other', 8)
      writeFileSync(path('bare-worker1-2.bin'), bytes)
    })
    expect(checked.verdict).toBe('unknown')
  })

  it('reads journal entries of any shape alike', async () => {
    const plain = await onFiles(legalPurchases(), () => undefined)
    const odd = await onFiles(legalPurchases(), (path) => {
      const entries = readFileSync(path('journal.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
      writeFileSync(path('journal.jsonl'), entries.map((entry, i) => `${JSON.stringify(i % 2 === 0 ? Object.fromEntries(Object.entries(entry).reverse()) : { ...entry, note: 'a "quoted" é' }, null, i % 3)}`.replaceAll('\n', ' ') + '\n').join(''))
    })
    expect(odd.evidence.journal).toEqual(plain.evidence.journal)
    expect(odd.verdict).toBe('pass')
  })
})
