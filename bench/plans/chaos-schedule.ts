// A round's faults, drawn from a seed. Processes are hurt one after the other on each of two lanes of slots, so that a victim is
// whole when it is chosen and a sleeper has heirs that are awake; what takes several of them (a race for a dead worker's runs, a
// restart of the store) takes both lanes. Links are hurt all the while, whoever commits next.
import type { LinkStrike, PlannedFault } from '../../contract/plan.ts'
import type { Random } from '../../contract/random.ts'
import { budget } from '../budget.ts'

/** What a worker takes to be ready again, and then some: the next fault finds it at work. */
const respawnMs = 1_800
const restartMs = 2_000
const beginMs = 1_000
const { leaseMs } = budget

const linkKinds: readonly (LinkStrike | 'terminate-backend')[] = ['cut-request', 'cut-answer', 'cut-batch', 'hold-commit', 'terminate-backend']

interface Round {
  readonly phase: string
  readonly seconds: number
  readonly workers: number
}

/** In the order of their times. */
export function schedule(draws: Random, round: Round): PlannedFault[] {
  return [...processes(draws, round), ...links(draws, round)].sort((a, b) => atMs(a) - atMs(b))
}

function processes(draws: Random, { phase, seconds, workers }: Round): PlannedFault[] {
  const faults: PlannedFault[] = []
  const endMs = seconds * 1e3
  const lanes = Array.from({ length: Math.min(2, workers) }, (_, lane) => Array.from({ length: workers }, (_, slot) => slot).filter((slot) => slot % 2 === lane))
  const free = lanes.map(() => beginMs)
  const between = (least: number, most: number): number => least + draws.below(most - least)
  const slotOf = (lane: number): number => lanes[lane]![draws.below(lanes[lane]!.length)]!

  type What = Pick<PlannedFault, 'kind' | 'role' | 'slot' | 'heal'> & { readonly partOf?: string }
  const add = (afterMs: number, what: What): void => void faults.push({ id: `${what.kind}-${faults.length + 1}`, ...what, trigger: { at: 'time', phase, afterMs } })
  const kill = (slot: number, healMs: number, identity: 'same' | 'fresh' = 'same'): What => ({ kind: 'kill', role: 'worker', slot, heal: { afterMs: healMs, identity } })
  const pause = (slot: number, healMs: number): What => ({ kind: 'pause', role: 'worker', slot, heal: { afterMs: healMs, identity: 'same' } })

  /** Takes a lane, or all of them, for so long; false when the round ends before. */
  function take(ms: number, wanted: readonly number[], begin: (fromMs: number) => void): boolean {
    const fromMs = Math.max(...wanted.map((lane) => free[lane]!)) + draws.below(300)
    if (fromMs + ms > endMs) return false
    for (const lane of wanted) free[lane] = fromMs + ms
    begin(fromMs)
    return true
  }

  const all = lanes.map((_, lane) => lane)
  const alone = (lane: number, what: 'kill' | 'zombie'): boolean => {
    const healMs = what === 'kill' ? between(0, 400) : leaseMs + between(300, 1_800)
    return take(healMs + (what === 'kill' ? respawnMs : 500), [lane], (fromMs) =>
      add(fromMs, what === 'kill' ? kill(slotOf(lane), healMs, draws.below(4) === 0 ? 'fresh' : 'same') : pause(slotOf(lane), healMs)))
  }
  const restart = (): boolean => take(restartMs, all, (fromMs) => add(fromMs, { kind: 'restart', role: 'store', slot: 0, heal: { afterMs: between(50, 600), identity: 'same' } }))

  let races = 0
  function race(): boolean {
    const [a, b] = lanes.length === 1 ? [slotOf(0), slotOf(0)] : draws.shuffle(all).map(slotOf)
    const how = lanes.length === 1 ? 'successor' : (['successor', 'heir', 'sleeper'] as const)[draws.below(3)]!
    const partOf = `take-over race ${++races}`
    if (how === 'successor') {
      return take(2 * respawnMs, all, (fromMs) => {
        add(fromMs, { ...kill(a!, 0), partOf })
        add(fromMs + between(100, 900), { ...kill(a!, 0), partOf })
      })
    }
    // The heir dies as it takes over, or the one that dies leaves its runs while another sleeps.
    return take(leaseMs + 1_500 + respawnMs, all, (fromMs) => {
      add(fromMs, how === 'heir' ? { ...kill(a!, leaseMs + 1_500), partOf } : { ...pause(a!, leaseMs + 800), partOf })
      add(fromMs + (how === 'heir' ? leaseMs + between(0, 500) : between(0, leaseMs)), { ...kill(b!, 0, how === 'heir' ? 'same' : 'fresh'), partOf })
    })
  }

  /** One lane sleeps beyond its lease while the others go on with its runs, and lose one of theirs. */
  function sleep(lane: number): boolean {
    const slept = alone(lane, 'zombie')
    for (const other of all) if (other !== lane) alone(other, 'kill')
    free.fill(Math.max(...free))
    return slept
  }

  // Every round begins with a kill: without one few invariants are exposed.
  for (let going = alone(0, 'kill'); going;) {
    going = false
    for (const part of draws.shuffle([...all.map((lane) => () => sleep(lane)), restart, restart, race, race])) going = part() || going
  }
  return faults
}

function links(draws: Random, { phase, seconds }: Round): PlannedFault[] {
  const faults: PlannedFault[] = []
  for (let afterMs = beginMs + draws.below(500), kinds: typeof linkKinds = []; afterMs < (seconds - 1) * 1e3; afterMs += 500 + draws.below(800)) {
    if (kinds.length === 0) kinds = draws.shuffle(linkKinds)
    const kind = kinds[0]!
    kinds = kinds.slice(1)
    // Late by less than a reconnection, or by much more.
    const heldMs = draws.below(2) === 0 ? draws.below(40) : 200 + draws.below(1_500)
    faults.push({
      id: `${kind}-${faults.length + 1}`, kind, role: 'link', slot: 'whoever', nth: 1 + draws.below(4),
      trigger: { at: 'time', phase, afterMs }, heal: { afterMs: kind === 'hold-commit' ? heldMs : 0, identity: 'same' },
    })
  }
  return faults
}

function atMs({ trigger }: PlannedFault): number {
  return trigger.at === 'time' ? trigger.afterMs : 0
}
