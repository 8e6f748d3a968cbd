// Invariant 11. A cancel takes hold at the next boundary between two operations. Until the engine has noticed it, and while a
// fault keeps it from noticing, a run may go on; an operation under way may end, retries included. That it had noticed must be shown:
// its worker was in touch since, or a lease went by, which is what engines are given to notice anything at all. Else it is a doubt,
// or nothing, where the step may have been asked for before. After the end was seen nothing begins. Where makers promise a cooperative
// cancel, one more batch may begin: the body that hears of it may have just asked for it.
import { checkTakenBack, isCompensation } from '../compensations.ts'
import { knewMs } from '../contacts.ts'
import { judgedUntilMs } from '../deadline.ts'
import type { Call, Evidence, Run, Seen } from '../evidence.ts'
import { lateStep } from '../late-step.ts'
import { firstTerminal, traceOf } from '../path.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { deafOf, noticeMs, troublesOf } from '../troubles.ts'
import { walk } from '../walk.ts'
import { isSuperseded } from '../zombies.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const cancel: Invariant = {
  name: 'cancel',
  title: 'A cancel stops a run, and only what was under way goes on',
  holds: 'A run whose cancel was acknowledged ends. Once it was noticed no operation begins but compensations, and no wait goes on to its end; once the outcome `cancelled` was seen nothing is attempted, except by a superseded worker. What the run did is taken back once each, the last first, where the scenario declares how and the engine has `uncancellable`. No run is cancelled that nobody cancelled.',
  exposure: 'Runs whose cancel was acknowledged.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const { capabilities, promises } = evidence.context.driver
    if (capabilities.cancel === 'absent' || promises.cancel.value === 'absent') return tally
    const toEndMs: number[] = []
    for (const run of evidence.runs) {
      if (!isTopLevel(run)) continue
      const end = firstTerminal(run)
      if (end?.outcome.status === 'cancelled') ended(evidence, run, end, tally)
      const accepted = run.cancels.filter(({ answer }) => answer === 'ok').sort((a, b) => a.answeredMs - b.answeredMs)[0]
      if (accepted === undefined) continue
      tally.exposures++
      if (end === undefined) hangs(evidence, run, accepted, tally)
      else {
        tally.count(`ended.${end.outcome.status}`)
        if (end.reader === 'live') toEndMs.push(Math.max(0, end.atMs - accepted.answeredMs))
      }
      meanwhile(evidence, run, accepted, tally)
    }
    tally.distribution('toEnd', toEndMs)
    return tally
  },
}

/** The outcome `cancelled` was seen. */
function ended(evidence: Evidence, run: Run, end: Seen, tally: Tally): void {
  if (run.cancels.every(({ answer }) => answer === 'fail')) {
    tally.violate({ summary: 'a run was cancelled though nobody cancelled it, or was refused', workflowId: run.id, lines: [historyLine(end)], missing: ['history'] })
  }
  for (const attempt of stepsOf(evidence, run).all) {
    if (attempt.atMs <= end.atMs) continue
    if (isSuperseded(evidence, run, attempt)) tally.count('zombieAttemptsAfterCancel')
    else tally.violate({ ...about(run, attempt), summary: `${lateStep(evidence, run, attempt, end)} was attempted after the run was seen cancelled`, lines: [historyLine(end), attempt.line], missing: ['faults'] })
  }
  if (evidence.context.driver.capabilities.uncancellable !== 'absent') checkTakenBack(evidence, run, end, 'a cancelled run', tally)
}

function hangs(evidence: Evidence, run: Run, accepted: Call, tally: Tally): void {
  const livenessMs = evidence.scenarios.get(run.scenario)?.livenessMs ?? Infinity
  const untilMs = Math.max(judgedUntilMs(evidence, run), accepted.answeredMs + livenessMs)
  const last = run.seen.at(-1)
  tally.violate({
    summary: `a run whose cancel was acknowledged did not end: last seen ${last?.outcome.status ?? 'never'}`, workflowId: run.id,
    lines: [`history.jsonl#${accepted.answerN}`, ...(last === undefined ? [] : [historyLine(last)])], missing: ['history'],
    ...(last === undefined || evidence.observedUntilMs < untilMs ? { doubt: true as const } : {}),
  })
}

/** Between the acknowledgement and the end. */
function meanwhile(evidence: Evidence, run: Run, accepted: Call, tally: Tally): void {
  const begun = [...stepsOf(evidence, run).bySeq.values()].map(([first]) => first!).sort((a, b) => a.atMs - b.atMs)
  const afterRequest = begun.find((attempt) => attempt.atMs > accepted.answeredMs)
  const late = begun.filter((attempt) => attempt.atMs > accepted.answeredMs && attempt.atMs > noticedMs(evidence, accepted, attempt.atMs, [attempt.source]) &&
    !isCompensation(evidence, run, attempt) && !isSuperseded(evidence, run, attempt))
  const cooperative = evidence.context.driver.promises.cancel.value === 'cooperative'
  for (const attempt of late) {
    const { doubt } = doubtfully(evidence, accepted, attempt.atMs, [attempt.source])
    if (cooperative && afterRequest !== undefined && isSameBatch(attempt, afterRequest)) tally.count('askedForMeanwhile')
    else if (doubt && wasAskedForBefore(evidence, run, attempt, accepted)) tally.count('askedForBefore')
    else tally.violate({
      ...about(run, attempt), summary: 'a step began long after the cancel was acknowledged', lines: [`history.jsonl#${accepted.answerN}`, attempt.line], missing: ['faults'],
      ...(doubt ? { doubt } : {}),
    })
  }
  const trace = traceOf(run)
  if (trace === null) return
  const { positions, endFloorMs } = walk(evidence, run, trace)
  const sources = stepsOf(evidence, run).all.map(({ source }) => source)
  positions.forEach(({ entry, seq }, i) => {
    if (typeof entry !== 'object' || !('timer' in entry || 'wait' in entry)) return
    const overMs = positions[i + 1]?.floorMs ?? endFloorMs
    if (overMs <= noticedMs(evidence, accepted, overMs, sources)) return
    tally.violate({
      summary: 'a wait went on to its end after the cancel was acknowledged', workflowId: run.id, seq, lines: [`history.jsonl#${accepted.answerN}`], missing: ['faults'],
      ...doubtfully(evidence, accepted, overMs, sources),
    })
  })
}

/** By when an engine must have noticed, given what it suffered until then. */
function noticedMs(evidence: Evidence, { answeredMs }: Call, byMs: number, sources: readonly string[]): number {
  const troubles = troublesOf(evidence)
  const suffered = [...troubles.ofEverybody, ...sources.flatMap((source) => [...troubles.of(source), ...deafOf(evidence, source)])].filter(({ fromMs, untilMs }) => fromMs <= byMs && untilMs >= answeredMs)
  return Math.max(answeredMs, ...suffered.map(({ untilMs }) => untilMs)) + noticeMs(evidence)
}

/** Nothing shows that these workers had noticed by then: they may have stood still. */
function doubtfully(evidence: Evidence, accepted: Call, byMs: number, sources: readonly string[]): { readonly doubt?: true } {
  const { leaseMs, pollMs } = evidence.context.budget
  const sinceMs = noticedMs(evidence, accepted, byMs, sources)
  const shown = byMs > sinceMs + leaseMs + pollMs || sources.every((source) => knewMs(evidence, source, sinceMs) <= byMs)
  return shown ? {} : { doubt: true }
}

/** What it carries was there before the acknowledgement: its boundary may have been passed, and only the store's answer to that come late. */
function wasAskedForBefore(evidence: Evidence, run: Run, { prev }: StepAttempt, { answeredMs }: Call): boolean {
  const { byNonce } = stepsOf(evidence, run)
  return prev.every((token) => typeof token === 'number' && (byNonce.get(token)?.repliedMs ?? Infinity) <= answeredMs)
}

const isSameBatch = (a: StepAttempt, b: StepAttempt): boolean => a === b || (a.prev.length === b.prev.length && a.prev.every((token, i) => token === b.prev[i]))

function about(run: Run, attempt: StepAttempt): { workflowId: string; seq: number; step?: string } {
  return { workflowId: run.id, seq: attempt.seq, ...(attempt.world ? { step: attempt.world.step } : {}) }
}
