import { describe, expect, it } from 'vitest'
import type { PlannedFault } from '../contract/plan.ts'
import type { FaultResult, Result } from '../contract/result.ts'
import { page } from './page/page.ts'
import { healthy } from './sample.test-data.ts'
import { recoverySummary } from './terminal.ts'

type Kill = Pick<FaultResult, 'newWorkMs' | 'newWorkShareMs'> & Partial<FaultResult>

/** One engine; cells by name, a fault each. */
function recovered(cells: Readonly<Record<string, readonly Kill[]>>, kind: 'kill' | 'pause' = 'kill'): Result {
  const result = healthy()
  const template = result.points.find(({ id }) => id === 'crash/dbos')!
  const planned = result.plan.points.find(({ id }) => id === 'crash/dbos')!
  const id = 'recovery/dbos/cells'
  const named = Object.entries(cells).flatMap(([phase, kills]) => kills.map((kill, i) => ({ phase, kill, fault: `${phase} ${i + 1}` })))
  const faults = named.map(({ kill, fault }): FaultResult => ({ ...template.faults[0]!, kind, fault, inFlight: 2, appliedAtMs: 1_000, firstProgressMs: kill.newWorkMs, ...kill }))
  const plannedFaults = named.map(({ phase, fault }): PlannedFault => ({ id: fault, kind, role: 'worker', slot: 0, trigger: { at: 'time', phase, afterMs: 0 }, heal: { afterMs: 0, identity: 'same' } }))
  return {
    ...result, drivers: result.drivers.filter(({ name }) => name === 'dbos'), points: [{ ...template, id, leg: 'recovery', faults }],
    plan: { ...result.plan, command: 'recovery', points: [{ ...planned, id, leg: 'recovery', chaos: { faults: plannedFaults, operatorAfterMs: 0 }, budget: { leaseMs: 3_000, pollMs: 100 } }] },
  }
}

const kill = (newWorkMs: number | null, newWorkShareMs = newWorkMs): Kill => ({ newWorkMs, newWorkShareMs })
const plain = { colour: false, width: 120 }

describe('the recovery summary', () => {
  it('shows median, least and most of each cell, how many kills they rest on, and the engine’s own share', () => {
    const text = recoverySummary(recovered({ 'restart after 5 s': [kill(6_000, 500), kill(7_000, 700), kill(9_000, 2_000)] }), plain)
    expect(text).toMatch(/lease 3 s: median \(least – most\) kills\n +restart after 5 s +7 s \(6 s – 9 s\) 3\/3\n/)
    expect(text).toMatch(/own share.+\n +restart after 5 s +700 ms \(500 ms – 2 s\) 3\/3\n/)
  })

  it('counts only kills that met runs and were proved, and keeps the place of a cell without any', () => {
    const text = recoverySummary(recovered({ some: [kill(1_000), { ...kill(2_000), inFlight: 0 }, { ...kill(2_000), proved: false }], none: [{ ...kill(1_000), proved: false }] }), plain)
    expect(text).toMatch(/some +1 s \(1 s – 1 s\) 1\/3\n/)
    expect(text).toMatch(/none +– 0\/1\n/)
  })

  it('says where nothing went on before an operator called', () => {
    const waited = { ...kill(12_000, 200), operatorAtMs: 12_800 }
    expect(recoverySummary(recovered({ 'spare worker': [waited, waited] }), plain)).toMatch(/spare worker +the operator, 12 s \(12 s – 12 s\) 2\/2\n/)
    expect(recoverySummary(recovered({ 'spare worker': [{ ...kill(3_000), operatorAtMs: 12_800 }] }), plain)).toMatch(/spare worker +3 s /)
  })

  it('counts what was taken from workers that were only slow', () => {
    expect(recoverySummary(recovered({ 'pause of 2 s': [{ ...kill(100), takenOver: 2 }, { ...kill(100), takenOver: 1 }] }, 'pause'), plain)).toMatch(/lease 3 s: pause of 2 s +3 \/ 4\n/)
  })

  it('stands on the page, with a chart whose rows are the cells', async () => {
    const text = await page(recovered({ 'spare worker': [kill(3_000)], 'restart after 0 s': [kill(900)] }))
    expect(text).toContain('Recovery, cell by cell')
    expect(text).toContain('lease 3 s: spare worker')
    expect(await page(healthy())).not.toContain('Recovery, cell by cell')
  })
})
