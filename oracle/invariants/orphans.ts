// Invariant 12. Children end: with their parent or before it where that is the engine's policy, else in their own time. That a
// child ended is the journal's word; that it did not go on is the world's.
import { judgedUntilMs } from '../deadline.ts'
import { journalKinds, type Evidence, type Run } from '../evidence.ts'
import { childrenIn, familyOf, knownEnd, usedEnd, type KnownEnd } from '../families.ts'
import { kindsUsed } from '../journal-path.ts'
import { isUnledgered, traceOf } from '../path.ts'
import { plainRuns } from '../plain.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { noticeMs } from '../troubles.ts'
import { isSuperseded } from '../zombies.ts'
import { historyLine, isTopLevel, Tally, type Invariant } from './invariant.ts'

export const orphans: Invariant = {
  name: 'orphans',
  title: 'No child is left behind',
  holds: 'Children end: with their parent at the latest where the engine promises to end them (soon after it, where it promises to terminate them), else in their own time. A child whose end its parent went on with attempts nothing more, and neither does one whose parent has ended, unless the engine promises to abandon it. An outcome and the logs tell of the same children, and of the same results of theirs.',
  exposure: 'Children whose parent is known to have ended.',
  reads: ['history', 'world', 'bare', 'journal', 'faults'],
  check(evidence) {
    const tally = new Tally()
    const families = childrenIn(evidence)
    const tellsEnds = evidence.context.driver.capabilities.journal !== 'absent' && kindsUsed(evidence.journal).has(endKind)
    for (const [parent, children] of families) for (const child of children) checkChild(evidence, parent, child, tellsEnds, tally)
    const plain = plainRuns(evidence)
    for (const run of evidence.runs) {
      if (plain[run.index] === 1) continue
      if (isTopLevel(run)) checkTrace(evidence, run, families.get(run) ?? [], tally)
      if (tellsEnds) checkTokens(evidence, run, tally)
    }
    return tally
  },
}

function checkChild(evidence: Evidence, parent: Run, child: Run, tellsEnds: boolean, tally: Tally): void {
  const policy = evidence.context.driver.promises.orphans.value
  const inherits = policy === 'cancel' || policy === 'terminate'
  const used = usedEnd(evidence, parent, child)
  if (used !== null) wentOn(evidence, child, used, 'a child went on after its parent had gone on with its end', 0, tally)
  const end = knownEnd(evidence, parent, inherits)
  if (end === null) return
  tally.exposures++
  if (used === null) {
    if (inherits) wentOn(evidence, child, end, 'a child went on after its parent had ended', policy === 'terminate' ? noticeMs(evidence) : 0, tally)
    else if (stepsOf(evidence, child).all.some(({ atMs }) => atMs > end.atMs)) tally.count('wentOnAlone')
  }
  if (!tellsEnds || hasEnd(evidence, child)) return
  // The journal is read after the last line of the history.
  const dueMs = used !== null || policy === 'cancel' ? 0 : policy === 'terminate' ? end.atMs + noticeMs(evidence) : judgedUntilMs(evidence, rootOf(evidence, child))
  if (evidence.observedUntilMs < dueMs) tally.count('endNotYetDue')
  else tally.violate({ summary: 'a child did not end though its parent had', workflowId: child.id, lines: [end.line, ...firstLine(evidence, child)], missing: ['journal'] })
}

function wentOn(evidence: Evidence, child: Run, end: KnownEnd, summary: string, graceMs: number, tally: Tally): void {
  const { bySeq, all } = stepsOf(evidence, child)
  // Within the grace an operation may still begin; one that has begun may go on.
  const attempts = graceMs === 0 ? all : [...bySeq.values()].map(([first]) => first!)
  for (const attempt of attempts) {
    if (attempt.atMs <= end.atMs + graceMs) continue
    if (isSuperseded(evidence, child, attempt)) tally.count('zombieAttempts')
    else tally.violate({ ...about(child, attempt), summary, lines: [end.line, attempt.line], missing: ['faults'] })
  }
}

/** What the outcome says of children, held against what the logs know of them. */
function checkTrace(evidence: Evidence, run: Run, children: readonly Run[], tally: Tally): void {
  const trace = traceOf(run)
  if (trace === null) return
  const line = historyLine(run.seen.find(({ outcome }) => outcome.status === 'completed')!)
  trace.forEach((entry, i) => {
    if (typeof entry !== 'object' || !('child' in entry)) return
    const child = evidence.runOf(entry.child)
    if (child !== undefined && ran(evidence, entry.child)) {
      // A nonce is given once: it tells whose output the parent was handed.
      const own = entry.last === undefined || stepsOf(evidence, child).byNonce.has(entry.last) || isUnledgered(evidence, child)
      if (!own) tally.violate({ summary: 'the outcome holds what another child came to', workflowId: run.id, seq: i + 1, lines: [line], missing: ['world', 'bare'] })
      return
    }
    tally.violate({ summary: 'the outcome holds a child that never ran', workflowId: run.id, seq: i + 1, lines: [line], missing: ['world', 'bare', 'journal'] })
  })
  for (const child of children) {
    const seq = Number(child.id.slice(run.id.length + 1))
    const entry = trace[seq - 1]
    if (typeof entry === 'object' && (('child' in entry && entry.child === child.id) || 'failed' in entry)) continue
    tally.violate({ summary: 'a child that the outcome of its parent does not know', workflowId: child.id, lines: [line, ...firstLine(evidence, child)], missing: [] })
  }
}

/** What a step was given as a child's result came from a child that ran. */
function checkTokens(evidence: Evidence, run: Run, tally: Tally): void {
  for (const attempt of stepsOf(evidence, run).all) {
    const made = attempt.prev.find((token) => typeof token === 'string' && token.startsWith(childToken) && !ran(evidence, token.slice(childToken.length)))
    if (made === undefined) continue
    tally.violate({ ...about(run, attempt), summary: `a step was given the result of a child that never ran: ${made}`, lines: [attempt.line], missing: ['world', 'bare', 'journal'] })
  }
}

const childToken = 'child:'

function ran(evidence: Evidence, id: string): boolean {
  const child = evidence.runOf(id)
  return child !== undefined && familyOf(evidence, child).some((member) => firstLine(evidence, member).length > 0)
}

const endKind = journalKinds.indexOf('end')

/** Rows are ordered by seq, and an end has -1. */
function hasEnd({ journal }: Evidence, run: Run): boolean {
  const row = journal.offsets[run.index]!
  return row < journal.offsets[run.index + 1]! && journal.kind[row] === endKind
}

/** Something that shows it. */
function firstLine(evidence: Evidence, run: Run): string[] {
  const [attempt] = stepsOf(evidence, run).all
  if (attempt !== undefined) return [attempt.line]
  const row = evidence.journal.offsets[run.index]!
  return row < evidence.journal.offsets[run.index + 1]! ? [`journal.jsonl:${evidence.journal.line[row]!}`] : []
}

function rootOf(evidence: Evidence, run: Run): Run {
  return evidence.runOf(run.id.slice(0, run.id.indexOf('/'))) ?? run
}

function about(run: Run, attempt: StepAttempt): { workflowId: string; seq: number; step?: string } {
  return { workflowId: run.id, seq: attempt.seq, ...(attempt.world ? { step: attempt.world.step } : {}) }
}
