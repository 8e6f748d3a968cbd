import { describe, expect, it } from 'vitest'
import { scenarios } from '../scenarios/index.ts'
import { checkEvidence } from './check.ts'
import { renumbered, type BareRecord, type Logs } from './logs.ts'
import { evidenceOf } from './read/evidence.ts'
import { LogBuilder, playBare, playPurchase } from './testing/build-log.ts'
import { legalBare, legalPurchases, legalRaces, legalTeams } from './testing/legal.ts'

const verdict = (logs: Logs) => checkEvidence(evidenceOf(logs, scenarios), []).verdict
const without = <L>(lines: readonly L[], at: number): L[] => lines.filter((_, i) => i !== at)
const everyLine = (lines: readonly { readonly n: number }[]): number[] => lines.map((_, i) => i)
const everyButEnd = (lines: readonly { readonly n: number }[]): number[] => everyLine(lines).slice(0, -1)

function peaceful(): Logs {
  const log = new LogBuilder()
  for (let index = 0; index < 4; index++) playPurchase(log, index)
  return log.build()
}

function peacefulBare(): Logs {
  const log = new LogBuilder({ scenario: 'bare-steps' })
  for (let index = 0; index < 3; index++) playBare(log, index)
  return log.build()
}

/** The end that an honest world wrote without counting by kind: what an editor by hand has to get right is then less. */
const uncounted = (logs: Logs): Logs => ({ ...logs, world: logs.world.map((line) => (line.k === 'end' ? { n: line.n, t: line.t, k: 'end', lines: line.lines } : line)) })

describe.each([['in peace', peaceful], ['with a kill and a zombie', legalPurchases]])('a ledger of purchases %s', (_, build) => {
  const logs = build()

  it.each(everyLine(logs.world))('is unknown without line %i', (at) => {
    expect(verdict({ ...logs, world: without(logs.world, at) })).toBe('unknown')
  })

  it.each(everyButEnd(logs.world))('fails without line %i and with the rest renumbered', (at) => {
    expect(verdict({ ...logs, world: renumbered(without(logs.world, at)) })).toBe('fail')
  })

  it.each(everyButEnd(logs.world))('fails with line %i doubled, and names its workflow', (at) => {
    const { invariants, verdict } = checkEvidence(evidenceOf({ ...logs, world: logs.world.toSpliced(at, 0, logs.world[at]!) }, scenarios), [])
    expect(verdict).toBe('fail')
    const line = logs.world[at]!
    const workflow = 'a' in line ? line.a.slice(0, line.a.indexOf('/')) : ''
    expect(invariants.flatMap((invariant) => invariant.findings).map((finding) => finding.workflowId)).toContain(workflow)
  })

  it.each(everyLine(logs.history))('never fails for the lack of line %i of the history', (at) => {
    expect(verdict({ ...logs, history: without(logs.history, at) })).toBe('unknown')
  })

  it.each(everyLine(logs.faults))('never fails for the lack of line %i of the faults', (at) => {
    expect(verdict({ ...logs, faults: without(logs.faults, at) })).toBe('unknown')
  })
})

describe.each([['races', legalRaces], ['teams, some called off', legalTeams]])('logs of %s', (_, build) => {
  const logs = build()

  it.each(everyLine(logs.world))('are unknown without line %i of the ledger', (at) => {
    expect(verdict({ ...logs, world: without(logs.world, at) })).toBe('unknown')
  })

  it.each(everyButEnd(logs.world))('fail without line %i of the ledger and with the rest renumbered', (at) => {
    expect(verdict({ ...logs, world: renumbered(without(logs.world, at)) })).toBe('fail')
  })

  it.each(everyLine(logs.history))('never fail for the lack of line %i of the history', (at) => {
    expect(verdict({ ...logs, history: without(logs.history, at) })).toBe('unknown')
  })
})

it.each(everyButEnd(peaceful().world))('a ledger of purchases in peace fails without line %i and with the rest renumbered, even where its end counts no kinds', (at) => {
  const logs = uncounted(peaceful())
  expect(verdict({ ...logs, world: renumbered(without(logs.world, at)) })).toBe('fail')
})

describe('a bare ledger', () => {
  const logs = peacefulBare()
  const { source, records } = logs.bare[0]!
  const changed = (records: readonly BareRecord[]): Logs => ({ ...logs, bare: [{ source, records }] })
  const steps = everyLine(records).filter((at) => records[at]!.kind === 'step')

  it.each(everyLine(records))('is unknown without record %i', (at) => {
    expect(verdict(changed(without(records, at)))).toBe('unknown')
  })

  it.each(steps)('fails without the step in record %i and with the rest renumbered', (at) => {
    expect(verdict(changed(renumbered(without(records, at))))).toBe('fail')
  })

  it.each(steps)('fails with the step in record %i doubled', (at) => {
    expect(verdict(changed(records.toSpliced(at, 0, records[at]!)))).toBe('fail')
  })

  it('is unknown without its end, unless its worker is known to have been killed', () => {
    expect(verdict(changed(records.slice(0, -1)))).toBe('unknown')
    expect(verdict(legalBare())).toBe('pass')
  })

  it('is unknown when the whole file is gone and its runs can\'t be told from lost ones', () => {
    expect(verdict({ ...logs, bare: [] })).not.toBe('pass')
  })
})
