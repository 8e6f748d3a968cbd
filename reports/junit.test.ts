import { describe, expect, it } from 'vitest'
import type { Result } from '../contract/result.ts'
import { junit } from './junit.ts'
import { healthy, troubled } from './sample.test-data.ts'

describe('JUnit XML', () => {
  it('is well-formed, and its totals are those of its cases', () => {
    for (const result of [healthy(), troubled()]) {
      const text = junit(result)
      expect(unclosed(text)).toEqual([])
      const head = /<testsuites .*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(text)!.slice(1).map(Number)
      expect(head).toEqual(['testcase', 'failure', 'error', 'skipped'].map((tag) => text.match(new RegExp(`<${tag} `, 'g'))?.length ?? 0))
    }
  })

  it('has a case for each engine and invariant', () => {
    const text = junit(healthy())
    for (const engine of ['homegrown', 'dbos', 'temporal']) expect(text).toContain(`<testcase classname="durabench.${engine}" name="effects"/>`)
  })

  it('fails on a violation, with the place of its evidence', () => {
    expect(junit(troubled())).toMatch(/name="effects"><failure [^>]*>[^<]*workflow s7-crash-41, step 2 charge, world\.jsonl:812/)
  })

  it('has a case for each cell of a crash-point matrix: twice passes, unknown errs where the point is exact', () => {
    const result = healthy()
    const text = junit(result)
    expect(text).toContain('<testcase classname="durabench.homegrown" name="crash after-effect of 1 plan (purchase · worker, quiescent)"/>')
    expect(text).toMatch(/durabench\.dbos" name="crash after-effect of 2 charge \([^)]*\)"><failure message="lost, fired 3 of 3 times: claimed/)
    expect(text).toMatch(/name="crash after-return of 1 plan \([^)]*\)"><skipped /)
    expect(junit({ ...result, matrix: result.matrix!.map((cell) => ({ ...cell, exact: true })) })).toMatch(/name="crash after-return of 1 plan \([^)]*\)"><error /)
  })

  it('errs on an unknown that the plan asked for, and skips one that it did not', () => {
    const result = withUnknown(healthy())
    expect(junit(result)).toMatch(/durabench\.dbos" name="signals"><error /)
    expect(junit(result)).toMatch(/durabench\.dbos" name="fencing"><skipped /)
  })

  it('skips an engine that did not run, errs on a broken point, and passes a caught control', () => {
    const text = junit(troubled())
    expect(text).toMatch(/durabench\.temporal" name="runs"><skipped message="Temporal needs Go ≥ 1\.26/)
    expect(text).toMatch(/name="point agent\/dbos"><error /)
    expect(text).toContain('<testcase classname="durabench.control volatile" name="is caught"/>')
    expect(text).toMatch(/name="exits with 0"><failure message="exit 10"/)
  })

  it('survives characters that XML cannot hold', () => {
    const result = healthy()
    const text = junit({ ...result, run: { ...result.run, exitCode: 1, reasons: ['\u0000 ]]> \ud800 "<&'] } })
    expect(text).toContain('� ]]&gt; � &quot;&lt;&amp;')
  })
})

function withUnknown(result: Result): Result {
  const points = result.points.map((point) => ({ ...point, invariants: point.invariants.map((each) => (each.name === 'signals' && point.id === 'crash/dbos' ? { ...each, verdict: 'unknown' as const, why: '3 exposures' } : each)) }))
  return { ...result, points }
}

/** Tags that are left open or closed out of order. */
function unclosed(text: string): string[] {
  const open: string[] = []
  for (const [, slash, name, empty] of text.replace(/^<\?.*\?>/, '').matchAll(/<(\/?)([a-z]+)(?:\s+[a-z]+="[^"<]*")*(\/?)>/g)) {
    if (slash === '') open.push(...(empty === '' ? [name!] : []))
    else if (open.pop() !== name) return [`</${name}>`]
  }
  return open
}
