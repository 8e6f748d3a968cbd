// Plays a plan's faults. In a phase of batches it holds each batch back until the faults of the one before are healed, so that
// a run with a failpoint meets that fault and no other, and the same seed proves the same faults in every run.
import type { ChaosPlan, LoadPhase, PlannedFault } from '../contract/plan.ts'
import { perform } from './perform.ts'
import type { Stage } from './stage.ts'

/** A fault that was not triggered after this long is skipped: the run it was bound to went another way. */
const triggerCapMs = 45_000

export interface Conductor {
  /** Resolves when every fault is healed or skipped and every batch released. */
  readonly done: Promise<void>
}

/** `over` ends it: what waits or is still to be healed then is left, since its victims are gone. */
export function conduct(chaos: ChaosPlan, phases: readonly LoadPhase[], stage: Stage, release: (phase: string, batch: number) => void, over: AbortSignal): Conductor {
  const unbatched = chaos.faults.filter((fault) => batchOf(fault) === undefined)
  const played = [
    ...unbatched.map((fault) => perform(fault, stage, { trigger: over, over })),
    ...phases.map((phase) => batches(phase, chaos.faults, stage, release, over)),
  ]
  const done = Promise.all(played).then(() => undefined)
  // Whoever waits for it hears; a point that broke before has nobody waiting.
  done.catch(() => undefined)
  return { done }
}

async function batches(phase: LoadPhase, faults: readonly PlannedFault[], stage: Stage, release: (phase: string, batch: number) => void, over: AbortSignal): Promise<void> {
  if (phase.kind !== 'batches') return
  await stage.phase(phase.name, over)
  for (let batch = 0; batch < phase.sizes.length; batch++) {
    const trigger = AbortSignal.any([AbortSignal.timeout(triggerCapMs), over])
    const mine = faults.filter((fault) => fault.trigger.phase === phase.name && batchOf(fault) === batch)
    const performed = mine.map((fault) => perform(fault, stage, { trigger, over }))
    release(phase.name, batch)
    await Promise.all(performed)
  }
}

function batchOf({ trigger }: PlannedFault): number | undefined {
  return trigger.batch
}
