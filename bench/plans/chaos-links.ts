// What hurts links all through a round: strikes of the relay at whoever commits next, and toxics for all who use a link.
import type { PlannedFault } from '../../contract/plan.ts'
import type { Random } from '../../contract/random.ts'
import type { Round } from './chaos-mixes.ts'
import { linksOf } from './links.ts'

const beginMs = 1_000
/** From one toxic to the next: time to connect again. */
const toxicEveryMs = 3_500

export function strikesOf(draws: Random, { phase, seconds, mix: { strikes } }: Round): PlannedFault[] {
  if (strikes.length === 0) return []
  const faults: PlannedFault[] = []
  const next = inTurns(draws, strikes)
  for (let afterMs = beginMs + draws.below(500); afterMs < (seconds - 1) * 1e3; afterMs += 500 + draws.below(800)) {
    const kind = next()
    // Late by less than a reconnection, or by much more.
    const heldMs = draws.below(2) === 0 ? draws.below(40) : 200 + draws.below(1_500)
    faults.push({
      id: `${kind}-${faults.length + 1}`, kind, role: 'link', slot: 'whoever', nth: 1 + draws.below(4),
      trigger: { at: 'time', phase, afterMs }, heal: { afterMs: kind === 'hold-commit' ? heldMs : 0, identity: 'same' },
    })
  }
  return faults
}

export function toxicsOf(draws: Random, { driver, phase, seconds, mix: { toxics } }: Round): PlannedFault[] {
  if (toxics.length === 0) return []
  const faults: PlannedFault[] = []
  const links = linksOf(driver)
  const next = inTurns(draws, toxics)
  for (let afterMs = beginMs; afterMs < seconds * 1e3 - toxicEveryMs; afterMs += toxicEveryMs + draws.below(1_000)) {
    const kind = next()
    faults.push({
      id: `${kind}-${faults.length + 1}`, kind, role: 'link', slot: 'all', link: links[draws.below(links.length)]!,
      trigger: { at: 'time', phase, afterMs }, heal: { afterMs: 300 + draws.below(1_200), identity: 'same' },
    })
  }
  return faults
}

/** Each once before any comes again. */
function inTurns<T>(draws: Random, items: readonly T[]): () => T {
  let left: readonly T[] = []
  return () => {
    if (left.length === 0) left = draws.shuffle(items)
    const [first] = left
    left = left.slice(1)
    return first!
  }
}
