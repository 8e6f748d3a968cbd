// Steps that a crash had repeated, and why that may be. What the world's own refusals and time-outs had repeated is not the
// engine's doing, and is left out.
import type { Repetition } from '../../contract/result.ts'
import type { Evidence, Run } from '../../oracle/evidence.ts'
import { extrasOf } from '../../oracle/extras.ts'
import { stepsOf } from '../../oracle/steps.ts'

/** Causes of an extra attempt that lie in how the world answered. */
const byWorld = /^(status \d+|no answer|time-out)$/

/** Of the run and its children, in the order of seq. */
export function repeatedOf(evidence: Evidence, run: Run): Repetition[] {
  return evidence.runs.filter(({ id }) => id === run.id || id.startsWith(`${run.id}/`)).flatMap((own) => ofOne(evidence, own))
}

function ofOne(evidence: Evidence, run: Run): Repetition[] {
  const extras = extrasOf(evidence, run).filter(({ cause }) => cause === null || !byWorld.test(cause))
  const booked = evidence.booked?.get(run.id)
  const bookedTwice = [...(booked ?? [])].filter(([, rows]) => rows.length > 1).map(([key, rows]): Repetition => ({
    seq: Number(key.slice(key.lastIndexOf('/') + 1)), step: 'a transaction', attempts: rows.length, effects: rows.length, keyed: false,
  }))
  const steps = [...Map.groupBy(extras, ({ attempt }) => attempt.seq)].map(([seq, of]): Repetition => {
    const attempts = stepsOf(evidence, run).bySeq.get(seq)!
    const atWorld = attempts.flatMap(({ world }) => world ?? [])
    // An effect that the world's own mishap had repeated was not the crash's doing.
    const again = of.filter(({ attempt }) => attempt.world === null || attempt.world.applied.length > 0).length
    const took = of.some(({ before }) => before.world === null || before.world.applied.length > 0)
    return {
      seq, step: atWorld[0]?.step ?? 'a bare step', attempts: 1 + of.length,
      effects: took ? 1 + again : Math.max(1, again), keyed: atWorld.some(({ key }) => key !== null),
    }
  })
  return [...steps, ...bookedTwice].sort((a, b) => a.seq - b.seq)
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
