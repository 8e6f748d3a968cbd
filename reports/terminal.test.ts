import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Result } from '../contract/result.ts'
import { healthy, skippedWhy, troubled } from './sample.test-data.ts'
import { chaosSummary, crashSummary, terminal } from './terminal.ts'

const plain = { colour: false, width: 100 }

describe('the terminal summary', () => {
  it('shows each engine with its verdict, rates, latencies, crashes and lowest exposure', () => {
    const text = terminal(healthy(), plain)
    expect(text).toMatch(/homegrown +dbos +temporal\n/)
    expect(text).toMatch(/verdict +✔ pass +✔ pass +✔ pass\n/)
    expect(text).toMatch(/steps\/s +4,210 +1,150 +61\.3\n/)
    expect(text).toMatch(/injected \(proved\) +34 \(34\)/)
    expect(text).toMatch(/done twice, unkeyed \/ keyed +12 \/ 7/)
    expect(text).toMatch(/lowest exposures +936 admission/)
    expect(text).toMatch(/Volatile \(no durability\): caught by admission/)
    expect(text).toContain('again  npx durabench bench --seed 7')
  })

  it('gives the evidence of a violation and the reasons of the exit code', () => {
    const text = terminal(troubled(), plain)
    expect(text).toContain('workflow s7-crash-41, step 2 charge · world.jsonl:812 · world.jsonl:1190')
    expect(text).toContain('exit 10\n  homegrown: effects violated in crash/homegrown')
    expect(text).toMatch(/verdict +✘ fail +\? unknown\n/)
  })

  it('says why an engine did not run and how to get it, why a point broke, and what is INVALID', () => {
    const text = terminal(troubled(), plain).replaceAll(/\s+/g, ' ')
    expect(text).toContain(skippedWhy)
    expect(text).toContain('agent/dbos: the driver never answered')
    expect(text).toContain('INVALID rate/dbos, phase open: schedule lag p99 was 80 ms')
  })

  it('cries out when a control was not caught', () => {
    const result = healthy()
    const points = result.points.map((point) => (point.driver === 'volatile' ? { ...point, verdict: 'pass' as const, invariants: [] } : point))
    expect(terminal({ ...result, points }, plain)).toContain('NOT CAUGHT')
  })

  it('names a finding that is known, and still counts it as a failure', () => {
    const result = troubled()
    const points = result.points.map((point) => ({ ...point, invariants: point.invariants.map((each) => ({ ...each, findings: each.findings.map((finding) => ({ ...finding, known: 'dbos-1205' })) })) }))
    const text = terminal({ ...result, points }, plain)
    expect(text).toContain('[known: dbos-1205]')
    expect(text).toMatch(/verdict +✘ fail/)
  })

  it('fits narrow terminals by going on below, and says the same with and without colour', () => {
    const narrow = terminal(healthy(), { colour: false, width: 60 })
    expect(Math.max(...narrow.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(60)
    expect(narrow).toContain('temporal')
    const coloured = terminal(troubled(), { colour: true, width: 100 })
    expect(coloured).not.toBe(stripVTControlCharacters(coloured))
    expect(stripVTControlCharacters(coloured)).toBe(terminal(troubled(), plain))
  })

  it('reports a run that was killed before any point ended', () => {
    const { run, ...rest } = healthy()
    const text = terminal({ ...rest, run: { ...run, interrupted: true, exitCode: 130 }, points: [], drivers: [] }, plain)
    expect(text).toContain('INTERRUPTED')
    expect(text).toMatch(/verdict +\? unknown/)
    expect(text).toContain('not run rate/homegrown')
    expect(text).not.toContain('pass')
  })

  it('prints where the files are when it is told', () => {
    expect(terminal(healthy(), { ...plain, folder: 'results/s7' })).toContain('page   results/s7/report.html\ndata   results/s7/result.json')
  })
})

describe('the crash summary', () => {
  it('shows where crashes struck, what was done twice, and how long recovery took', () => {
    const text = crashSummary(healthy(), plain)
    expect(text).toMatch(/unkeyed effects +12 +12 +12/)
    expect(text).toMatch(/before-effect +after-effect +after-return/)
    expect(text).toMatch(/kill worker 6 ship +2\/2 +3\/3 +2\/3/)
    expect(text).toMatch(/restart store +1\/1/)
    expect(text).toMatch(/first progress +\d+ ms \/ 1\.9 s/)
    expect(text).toMatch(/per 1,000 crashes +\$0\.152/)
  })
})

describe('the chaos summary', () => {
  const result = chaotic()

  it('counts faults by kind, a race as one if each of its parts was proved, and what the runs did', () => {
    const text = chaosSummary(result, plain)
    expect(text).toMatch(/kill worker +1 \/ 2\n/)
    expect(text).toMatch(/take-over race +1 \/ 2\n/)
    expect(text).toMatch(/steps +4,000\n/)
    expect(text).toMatch(/any of these +60 \(30 %\)\n/)
    expect(text).toMatch(/effects +1 \/ [\d,]+\n/)
  })

  it('prints a line that plays a failed round again', () => {
    expect(chaosSummary(result, plain)).toContain('\nchaos/homegrown/2 fail; again: npx durabench chaos --seed 7 --workers 2..4 --round 2\n')
  })
})

/** Two rounds of one engine, the second with a violation: in each a kill and a race of two kills, the first round's all proved. */
function chaotic(): Result {
  const { points, plan, drivers, run } = troubled()
  const template = points.find(({ id }) => id === 'crash/homegrown')!
  const ids = ['kill-1', 'kill-2', 'kill-3']
  const planned = ids.map((id, i) => ({ ...plan.points[0]!.chaos.faults[0]!, id, ...(i === 0 ? {} : { partOf: 'take-over race 1' }) }))
  const rounds = [1, 2].map((round) => ({
    ...template, id: `chaos/homegrown/${round}`, leg: 'chaos', ...(round === 1 ? { verdict: 'pass' as const, invariants: [] } : {}),
    mix: { runs: 100, steps: 2_000, waited: 20, signalled: 10, cancelled: 5, transactional: 5, mixed: 30 },
    faults: ids.map((fault, i) => ({ ...template.faults[0]!, fault, proved: round === 1 || i === 2 })),
  }))
  return {
    ...healthy(), points: rounds, drivers: drivers.slice(0, 1), run: { ...run, command: 'npx durabench chaos --seed 7 --workers 2..4 --minutes 5 --faults 100' },
    plan: { ...plan, command: 'chaos', points: rounds.map(({ id }) => ({ ...plan.points[0]!, id, leg: 'chaos', chaos: { faults: planned, operatorAfterMs: 0 } })) },
  }
}
