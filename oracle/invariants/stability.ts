// Invariant 4. Ledger, journal and outcome tell one path: at each position the same reply, obtained with the input that the
// path before it implies. Compared by position, since as multisets a swapped or stale reply would go unnoticed.
import type { Scenario, Workflow } from '../../contract/scenario.ts'
import { misfit } from '../batches.ts'
import { sameJson } from '../equal.ts'
import type { Evidence, Run } from '../evidence.ts'
import { firstStepOf } from '../first-step.ts'
import { forgotten } from '../forgotten.ts'
import { journalFindings, kindsUsed, type Kinds } from '../journal-path.ts'
import { isTerminal, isUnledgered, outputIn, traceOf } from '../path.ts'
import { isStraight } from '../straight.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const stability: Invariant = {
  name: 'stability',
  title: 'World, journal and outcome tell one path',
  holds: 'At each position of a completed run the outcome, the ledger and the journal hold the same reply; each winning attempt was given the replies before it; a step has one name and one input per history, the first one what the run\'s input implies; a run goes on with the version of the code that began it; two readers see one result; what the journal held before the store\'s power was cut, it holds afterwards.',
  exposure: 'Completed runs whose path was compared with the ledger.',
  reads: ['history', 'world', 'bare', 'journal'],
  check(evidence) {
    const tally = new Tally()
    const kinds = evidence.context.driver.capabilities.journal === 'absent' ? null : kindsUsed(evidence.journal)
    for (const run of evidence.runs) {
      readers(run, tally)
      versions(evidence, run, tally)
      for (const violation of forgotten(evidence, run)) tally.violate(violation)
      const trace = traceOf(run)
      if (trace !== null && isStraight(evidence, run, trace, kinds)) {
        tally.exposures++
        continue
      }
      checkRun(evidence, run, kinds, tally)
    }
    return tally
  },
}

function checkRun(evidence: Evidence, run: Run, kinds: Kinds | null, tally: Tally): void {
  const trace = traceOf(run)
  if (kinds !== null) for (const violation of journalFindings(evidence, run, trace, kinds)) tally.violate(violation)
  inputs(evidence, run, tally)
  if (isTopLevel(run)) beginning(evidence, run, tally)
  if (trace === null) return
  const { bySeq, byNonce } = stepsOf(evidence, run)
  const line = historyLine(run.seen.find((seen) => seen.outcome.status === 'completed')!)
  const unledgered = isUnledgered(evidence, run)
  let compared = 0
  trace.forEach((entry, i) => {
    if (typeof entry !== 'number') return
    const given = byNonce.get(entry)
    if (given === undefined && unledgered) return
    compared++
    const about = { workflowId: run.id, seq: i + 1, ...(given?.world ? { step: given.world.step } : {}) }
    if (given === undefined) tally.violate({ ...about, summary: 'the outcome holds a reply that the ledger never gave', lines: [line], missing: ['world', 'bare'] })
    else if (given.seq !== i + 1) tally.violate({ ...about, summary: `the outcome holds the reply of another step (${given.seq})`, lines: [line, given.line], missing: [] })
  })
  if (compared > 0) tally.exposures++
  const winning = (seq: number): StepAttempt | undefined => {
    const entry = trace[seq - 1]
    const attempt = typeof entry === 'number' ? byNonce.get(entry) : bySeq.get(seq)?.at(-1)
    return attempt?.seq === seq ? attempt : undefined
  }
  const odd = misfit(run.id, trace, (seq) => {
    const attempt = winning(seq)
    return attempt === undefined ? null : { tokens: attempt.prev, whole: attempt.world !== null }
  })
  if (odd === null) return
  const attempt = winning(odd.seq)!
  tally.violate({
    summary: 'a winning attempt was not given the path before it', workflowId: run.id, seq: odd.seq, ...(attempt.world ? { step: attempt.world.step } : {}),
    lines: [attempt.line, line], missing: [],
  })
}

/** Attempts at one step with the same predecessors: the body is pure, so name, key and input are the same. */
function inputs(evidence: Evidence, run: Run, tally: Tally): void {
  if (run.attempts.length === 0) return
  for (const attempts of stepsOf(evidence, run).bySeq.values()) {
    const firsts = new Map<string, StepAttempt>()
    for (const attempt of attempts) {
      if (attempt.world === null) continue
      const tokens = attempt.prev.join(' ')
      const first = firsts.get(tokens)?.world
      if (first == null) firsts.set(tokens, attempt)
      else if (first.step !== attempt.world.step || first.key !== attempt.world.key || first.inputHash !== attempt.world.inputHash) {
        tally.violate({
          summary: first.step === attempt.world.step ? 'one step was attempted with two inputs' : `one step was attempted as '${first.step}' and as '${attempt.world.step}'`,
          workflowId: run.id, seq: attempt.seq, step: attempt.world.step, lines: [`world.jsonl#${first.n}`, attempt.line], missing: [],
        })
      }
    }
  }
}

function beginning({ context: { runId, seed, point }, scenarios }: Evidence, run: Run, tally: Tally): void {
  const attempt = run.attempts.find(({ seq }) => seq === 1)
  const scenario = scenarios.get(run.scenario)
  if (attempt === undefined || scenario === undefined) return
  const first = firstStepOf(bodyOf(scenario, attempt.step), scenario.input(seed, Number(run.id.slice(runId.length + 1)), point.params), run.id)
  if (first === null || (first.step === attempt.step && first.inputHashes.includes(attempt.inputHash))) return
  tally.violate({
    summary: `a run of that input begins with ${first.step === attempt.step ? `another input of '${first.step}'` : `'${first.step}'`}`,
    workflowId: run.id, seq: 1, step: attempt.step, lines: [`world.jsonl#${attempt.n}`], missing: [],
  })
}

/** Of the version that made this step. */
function bodyOf({ workflow, bodies, versionOf }: Scenario, step: string): Workflow {
  return bodies?.[versionOf?.(step) ?? ''] ?? workflow
}

/** A run that one version began has no place for the steps of another. */
function versions(evidence: Evidence, run: Run, tally: Tally): void {
  const { versionOf } = evidence.scenarios.get(run.scenario) ?? {}
  const [first] = run.attempts
  if (versionOf === undefined || first === undefined) return
  const began = versionOf(first.step)
  tally.count(`runsOfVersion.${began}`)
  if (overDeploy(evidence, run)) tally.count('runsOverDeploys')
  const other = run.attempts.find(({ step }) => versionOf(step) !== began)
  if (other === undefined) return
  tally.violate({
    summary: `a run that version ${began} began went on with version ${versionOf(other.step)}`, workflowId: run.id, seq: other.seq, step: other.step,
    lines: [`world.jsonl#${first.n}`, `world.jsonl#${other.n}`], missing: [],
  })
}

/** It was under way when a worker got another version of the code. */
function overDeploy({ faults }: Evidence, { attempts }: Run): boolean {
  return faults.some(({ kind, appliedMs }) => kind === 'deploy' && appliedMs !== null && attempts[0]!.atMs < appliedMs && attempts.at(-1)!.atMs > appliedMs)
}

/** What 'reread' sees is finality's question. */
function readers(run: Run, tally: Tally): void {
  let first: Run['seen'][number] | undefined
  for (const seen of run.seen) {
    if (!isTerminal(seen)) continue
    if (seen.outcome.status === 'completed' && outputIn(seen) === null) {
      tally.violate({ summary: 'an output without a trace', workflowId: run.id, lines: [historyLine(seen)], missing: [] })
    }
    if (seen.reader === 'reread') continue
    if (first === undefined) first = seen
    else if (!sameJson(first.outcome, seen.outcome)) {
      tally.violate({ summary: 'two readers saw different results', workflowId: run.id, lines: [historyLine(first), historyLine(seen)], missing: [] })
    }
  }
}
