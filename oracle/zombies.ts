// Which attempts were made by a worker that had been superseded without knowing it: paused, its run taken over, then resumed.
// Being resumed is not enough: an engine may rightly give new work to that worker, which then holds what others obtained
// meanwhile. A zombie goes on from what it knew: it repeats what its successor did, builds on a reply of its own that the
// successor obtained anew, or works behind the successor's position.
import { answerCause } from './causes.ts'
import type { Evidence, Run } from './evidence.ts'
import { stepsOf, type StepAttempt, type Steps } from './steps.ts'
import { observationMs, troublesOf, type Trouble } from './troubles.ts'

const none: ReadonlySet<StepAttempt> = new Set()
const known = new WeakMap<Run, ReadonlySet<StepAttempt>>()

export function zombiesOf(evidence: Evidence, run: Run): ReadonlySet<StepAttempt> {
  if (!troublesOf(evidence).hasPauses) return none
  let zombies = known.get(run)
  if (zombies === undefined) known.set(run, (zombies = collect(evidence, run)))
  return zombies
}

/** A zombie's, or by a worker that is just back from a pause: its work may have been handed on, or ended by others. */
export function isSuperseded(evidence: Evidence, run: Run, attempt: StepAttempt): boolean {
  return zombiesOf(evidence, run).has(attempt) ||
    troublesOf(evidence).of(attempt.source).some((trouble) => trouble.isPause && trouble.fromMs <= attempt.atMs && trouble.untilMs >= attempt.atMs)
}

function collect(evidence: Evidence, run: Run): ReadonlySet<StepAttempt> {
  const steps = stepsOf(evidence, run)
  const zombies = new Set<StepAttempt>()
  /** By pause: what was made by one that had been given the run anew, or follows from it. */
  const anew = new Map<Trouble, Set<StepAttempt>>()
  /** By time: who was at work on the run then, so far as the world can tell. What was done before is judged by then. */
  const holders = new Map<number, string | undefined>()
  const heldIt = ({ source }: StepAttempt, { fromMs }: Trouble): boolean => {
    if (!holders.has(fromMs)) holders.set(fromMs, steps.all.findLast((before) => before.atMs < fromMs && !zombies.has(before))?.source)
    return holders.get(fromMs) === source
  }
  for (const attempt of steps.all) {
    for (const pause of troublesOf(evidence).of(attempt.source)) {
      if (!pause.isPause || pause.fromMs >= attempt.atMs || (pause.isLapse === true && !heldIt(attempt, pause))) continue
      let since = anew.get(pause)
      if (since === undefined) anew.set(pause, (since = new Set()))
      const follows = attempt.prev.some((token) => typeof token === 'number' && since.has(steps.byNonce.get(token)!))
      if (follows || wasToldSince(run, steps, attempt, pause.fromMs)) since.add(attempt)
      else if (supersedes(evidence, run, steps, attempt, pause, zombies)) zombies.add(attempt)
    }
  }
  return zombies
}

function supersedes(evidence: Evidence, run: Run, steps: Steps, attempt: StepAttempt, pause: Trouble, zombies: ReadonlySet<StepAttempt>): boolean {
  const successors = steps.all.filter((other) => other.source !== attempt.source && other.atMs > pause.fromMs && other.atMs < attempt.atMs && !zombies.has(other) && !sleptLater(evidence, other, pause))
  const own = attempt.prev.map((token) => (typeof token === 'number' ? steps.byNonce.get(token) : undefined)).filter((given) => given?.source === attempt.source)
  return successors.some((other) =>
    (other.seq === attempt.seq && answerCause(evidence, run, other, attempt) === null) ||
    own.some((given) => given!.seq === other.seq && (given!.atMs < other.atMs || zombies.has(given!))) ||
    (other.seq > attempt.seq && !sameTokens(other.prev, attempt.prev)))
}

/** Made by one that is just back from a later pause, or fell asleep over it: of the two it is the sleeper, whose work may have been handed to this one. */
export function sleptLater(evidence: Evidence, { source, atMs, world }: StepAttempt, pause: Trouble): boolean {
  // What was answered just before can't have been recorded yet.
  const overMs = world === null ? atMs : (world.reply?.atMs ?? Infinity) + observationMs
  return troublesOf(evidence).of(source).some((trouble) => trouble.isPause && trouble.fromMs > pause.fromMs && trouble.fromMs <= overMs && trouble.untilMs >= atMs)
}

/** It carries what came about elsewhere after the pause began, and so was given the run, or what others made of it, since. */
export function wasToldSince({ starts }: Run, { byNonce }: Steps, { source, prev }: Pick<StepAttempt, 'source' | 'prev'>, sinceMs: number): boolean {
  if (starts.length > 0 && starts.every(({ invokedMs }) => invokedMs > sinceMs)) return true
  return prev.some((token) => {
    const given = typeof token === 'number' ? byNonce.get(token) : undefined
    return given !== undefined && given.source !== source && given.atMs > sinceMs
  })
}

function sameTokens(a: StepAttempt['prev'], b: StepAttempt['prev']): boolean {
  return a.length === b.length && a.every((token, i) => token === b[i])
}
