// Plays a plan's faults. In a phase of batches it holds each batch back until the faults of the one before are healed, so that
// a run with a failpoint meets that fault and no other, and the same seed proves the same faults in every run.
import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosPlan, LoadPhase, PlannedFault } from '../contract/plan.ts'
import { perform } from './perform.ts'
import type { Stage } from './stage.ts'

/** A fault that was not triggered after this long is skipped: the run it was bound to went another way. */
const triggerCapMs = 45_000
/** A run that has ended may have died at its end: the news of a death takes a while. */
const newsMs = 300

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
    const ended = new AbortController()
    const trigger = AbortSignal.any([AbortSignal.timeout(triggerCapMs), over, ended.signal])
    const mine = faults.filter((fault) => fault.trigger.phase === phase.name && batchOf(fault) === batch)
    const performed = mine.map((fault) => perform(fault, stage, { trigger, over }))
    release(phase.name, batch)
    const struck = Promise.all(performed)
    if (phase.oneByOne !== undefined) {
      const why = await endOf(phase.name, batch, phase.oneByOne.withinMs, stage, over)
      await Promise.race([struck, delay(newsMs)])
      ended.abort(new Error(why))
    }
    await struck
  }
}

/** Resolves when a fault of the batch has nothing left to strike: with the reason, for its report. */
async function endOf(phase: string, batch: number, withinMs: number, stage: Stage, over: AbortSignal): Promise<string> {
  try {
    await stage.batchEnded(phase, batch, AbortSignal.any([AbortSignal.timeout(withinMs), over]))
    return 'its run ended without coming to the failpoint'
  } catch {
    return `its run did not end within ${withinMs / 1e3} s, and did not come to the failpoint`
  }
}

function batchOf({ trigger }: PlannedFault): number | undefined {
  return trigger.batch
}
