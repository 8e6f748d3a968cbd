// An open loop: runs start when they are meant to, however slow the answers are. A generator that is late issues at once and
// the lateness is recorded; nothing is dropped.
import type { LoadPhase } from '../contract/plan.ts'
import type { Random } from '../contract/random.ts'
import { countBefore, poissonArrivals } from './arrivals.ts'
import { nowMs } from './clock.ts'
import { pause, type Phase, type PhaseTools } from './phase.ts'

/** Answers are read between two bursts. */
const burst = 1_000
/** Memory ends somewhere: a phase that has this many open calls ends, and says so. */
const openCallsCap = 1_000_000

export function openPhase(plan: Extract<LoadPhase, { kind: 'open' }>, perSecond: number, draws: Random, tools: PhaseTools): Phase {
  const { recorder, stop } = tools
  const seconds = plan.warmupSeconds + plan.seconds
  const arrivals = poissonArrivals(draws, perSecond, seconds)
  recorder.offeredPerSecond = perSecond

  /** Issues what is due; returns how many were issued so far. */
  function issueDue(beginMs: number, from: number): number {
    const due = Math.min(countBefore(arrivals, nowMs() - beginMs), from + burst)
    for (let i = from; i < due; i++) tools.start(tools.reserve(1), beginMs + arrivals[i]!)
    return Math.max(from, due)
  }

  async function issueAll(beginMs: number): Promise<void> {
    for (let issued = 0; issued < arrivals.length && !stop.aborted;) {
      issued = issueDue(beginMs, issued)
      if (tools.openCalls() > openCallsCap) {
        recorder.invalidate(`the phase was ended early: ${openCallsCap} client calls were open, the generator's cap`)
        return
      }
      const waitMs = issued < arrivals.length ? beginMs + arrivals[issued]! - nowMs() : 0
      if (waitMs > 0) await pause(waitMs, stop)
      else await new Promise(setImmediate)
    }
    await pause(Math.max(0, beginMs + seconds * 1e3 - nowMs()), stop)
  }

  return {
    play: async () => {
      if (perSecond === 0) recorder.invalidate('the phase had no rate: the closed phase that it takes a share of completed nothing')
      const beginMs = nowMs()
      const warmupMs = plan.warmupSeconds * 1e3
      recorder.measureFrom(tools.reserve(0) + countBefore(arrivals, warmupMs))
      const measured = setTimeout(() => recorder.openWindow(), warmupMs)
      if (arrivals.length > 0) await issueAll(beginMs)
      clearTimeout(measured)
      recorder.closeWindow(tools.reserve(0))
    },
  }
}
