// Invariant 15. What was accepted ends in time: within the scenario's bound after the last heal, or after its start. A run
// that nobody followed ended, for all we can know, with the last thing that it did at the world.
import { deadlyOf, type Deadly } from '../deadly.ts'
import { judgedUntilMs } from '../deadline.ts'
import type { Evidence, Run } from '../evidence.ts'
import { inputOf } from '../input.ts'
import { firstTerminal } from '../path.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const liveness: Invariant = {
  name: 'liveness',
  title: 'Everything accepted ends in time',
  holds: 'Every run whose start was acknowledged ends within its scenario\'s bound after the last fault was healed, or after its start if that was later. One that takes its workers down is given up before it has cost too many; where its engine promises to put such runs aside, it need not end.',
  exposure: 'Runs whose start was acknowledged.',
  reads: ['history', 'world', 'bare', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const tookMs = new Map<string, number[]>()
    for (const run of evidence.runs) {
      if (!isTopLevel(run) || !run.starts.some((start) => start.answer === 'ok')) continue
      tally.exposures++
      checkRun(evidence, run, tally)
      byTenant(evidence, run, tookMs)
    }
    for (const [tenant, values] of tookMs) tally.distribution(`tenants.${tenant}`, values)
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, tally: Tally): void {
  const end = firstTerminal(run)
  const deadly = deadlyOf(evidence, run)
  if (deadly !== null) {
    checkDeadly(run, deadly, tally)
    if (end === undefined && deadly.mayStayOpen) return tally.count('putAside')
  }
  if (end !== undefined && end.atMs <= evidence.observedUntilMs && lateness(evidence, run, end) <= 0) return
  const untilMs = judgedUntilMs(evidence, run)
  if (end !== undefined) {
    return tally.violate({ summary: 'a run ended too late', workflowId: run.id, lines: [historyLine(end)], missing: ['faults', 'world', 'bare'] })
  }
  const last = run.seen.at(-1)
  tally.violate({
    summary: last === undefined ? 'a run was never read' : `a run did not end in time: last seen ${last.outcome.status}`,
    workflowId: run.id, lines: last === undefined ? [] : [historyLine(last)], missing: ['history', 'faults'],
    ...(last === undefined || evidence.observedUntilMs < untilMs ? { doubt: true as const } : {}),
  })
}

/** From the intended start to the end as a follower saw it: what each tenant paid for its neighbours. */
function byTenant(evidence: Evidence, run: Run, tookMs: Map<string, number[]>): void {
  const scenario = evidence.scenarios.get(run.scenario)
  const end = firstTerminal(run)
  if (scenario?.tenantOf === undefined || end?.reader !== 'live') return
  const tenant = scenario.tenantOf(inputOf(evidence, scenario, run.id))
  tookMs.set(tenant, [...(tookMs.get(tenant) ?? []), end.atMs - run.starts[0]!.intendedMs])
}

function checkDeadly(run: Run, { lines, livesAtMost }: Deadly, tally: Tally): void {
  tally.count('deadlyRuns')
  tally.count('workersLost', lines.length)
  if (lines.length > livesAtMost) tally.violate({ summary: `a run that takes its worker down was tried by more than ${livesAtMost} of them`, workflowId: run.id, lines, missing: ['faults'] })
}

/** By how much it was late, in milliseconds. */
function lateness(evidence: Evidence, run: Run, end: { readonly atMs: number; readonly reader: string }): number {
  const untilMs = judgedUntilMs(evidence, run)
  if (end.atMs <= untilMs || end.reader === 'live') return end.atMs - untilMs
  const { bare } = evidence
  const row = bare.offsets[run.index + 1]! - 1
  const bareMs = row >= bare.offsets[run.index]! ? bare.atMs[row]! : 0
  const worldMs = run.attempts.reduce((last, attempt) => Math.max(last, attempt.reply?.atMs ?? attempt.atMs), 0)
  return Math.max(bareMs, worldMs) - untilMs
}
