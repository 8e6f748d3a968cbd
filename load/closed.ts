// A closed loop: so many runs at any time, each replaced when it ends. It finds what an engine can do at most; its latencies say
// little, since it waits when the engine does.
import type { ClosedSize } from './calibration.ts'
import { nowMs } from './clock.ts'
import { pause, type Phase, type PhaseTools } from './phase.ts'

/** An engine that rejects everything would otherwise be asked as fast as it can say no. */
const afterRejectionMs = 50

export function closedPhase({ concurrency, warmupSeconds, seconds }: ClosedSize, tools: PhaseTools): Phase {
  const { recorder, stop } = tools
  /** Runs that no app knows: replaced already, so their end, should it come, frees no place. */
  const lost = new Set<number>()
  let issuing = true

  function next(): void {
    if (issuing) tools.start(tools.reserve(1), nowMs())
  }

  return {
    play: async () => {
      for (let i = 0; i < concurrency; i++) next()
      await pause(warmupSeconds * 1e3, stop)
      recorder.measureFrom(tools.reserve(0))
      recorder.openWindow()
      await pause(seconds * 1e3, stop)
      issuing = false
      recorder.closeWindow(tools.reserve(0))
    },
    settled: (index, rejected) => {
      if (lost.delete(index)) return
      if (rejected) setTimeout(next, afterRejectionMs)
      else next()
    },
    lost: (index) => {
      if (lost.has(index)) return
      lost.add(index)
      next()
    },
  }
}
