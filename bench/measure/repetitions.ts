// Steps that a crash had repeated, and why that may be. What the world's own refusals and time-outs had repeated is not the
// engine's doing, and is left out.
import type { Repetition } from '../../contract/matrix.ts'
import type { Evidence, Run } from '../../oracle/evidence.ts'
import { extrasOf } from '../../oracle/extras.ts'
import { stepsOf, type StepAttempt } from '../../oracle/steps.ts'

/** Causes of an extra attempt that lie in how the world answered. */
const byWorld = /^(status \d+|no answer|time-out)$/

/** Of the run and its children, in the order of seq. */
export function repeatedOf(evidence: Evidence, run: Run): Repetition[] {
  return evidence.runs.filter(({ id }) => id === run.id || id.startsWith(`${run.id}/`)).flatMap((own) => ofOne(evidence, own))
}

function ofOne(evidence: Evidence, run: Run): Repetition[] {
  const extras = extrasOf(evidence, run)
  const byCrash = extras.filter(({ cause }) => cause === null || !byWorld.test(cause))
  const steps = [...Map.groupBy(byCrash, ({ attempt }) => attempt.seq)].map(([seq, again]): Repetition => {
    const attempts = stepsOf(evidence, run).bySeq.get(seq)!
    const atWorld = attempts.flatMap(({ world }) => world ?? [])
    // An effect that came again because the world never answered was not the crash's doing.
    const unanswered = extras.filter((extra) => extra.attempt.seq === seq && !byCrash.includes(extra) && tookEffect(extra.before) && tookEffect(extra.attempt))
    return {
      seq, step: atWorld[0]?.step ?? 'a bare step', attempts: 1 + again.length,
      effects: attempts.filter(tookEffect).length - unanswered.length,
      keyed: atWorld.some(({ key }) => key !== null),
    }
  })
  return [...steps, ...booked(evidence, run)].sort((a, b) => a.seq - b.seq)
}

/** A bare step has run by the time that it is recorded. */
function tookEffect({ world }: StepAttempt): boolean {
  return world === null || world.applied.length > 0
}

/** Transactional effects that the store holds more than once. */
function booked(evidence: Evidence, run: Run): Repetition[] {
  const twice = [...(evidence.booked?.get(run.id) ?? [])].filter(([, rows]) => rows.length > 1)
  return twice.map(([key, rows]) => ({ seq: Number(key.slice(key.lastIndexOf('/') + 1)), step: 'a transaction', attempts: rows.length, effects: rows.length, keyed: false }))
}

/** A sentence for each. */
export function said({ context: { driver } }: Pick<Evidence, 'context'>, repeated: readonly Repetition[]): string[] {
  const { value, page } = driver.promises.effects
  return repeated.map(({ seq, step, attempts, effects, keyed }) => {
    const again = `${seq} ${step} was attempted ${attempts} times`
    if (effects > 1) return `${again} and took effect ${effects} times: it was not recorded yet when the crash came (promised: ${value}, ${page})`
    return keyed ? `${again}, its key made it one effect` : `${again}, and took effect once`
  })
}
