// A round's faults, drawn from a seed. Processes are hurt one after the other on each of two lanes of slots, so that a victim is
// whole when it is chosen and a sleeper has heirs that are awake; what takes several of them (a race for a dead worker's runs, a
// restart of the store) takes both lanes. Links are hurt all the while.
import type { PlannedFault } from '../../contract/plan.ts'
import type { Random } from '../../contract/random.ts'
import { budget } from '../budget.ts'
import { strikesOf, toxicsOf } from './chaos-links.ts'
import type { Drawn, Round } from './chaos-mixes.ts'

/** What a worker takes to be ready again, and then some: the next fault finds it at work. */
const respawnMs = 1_800
const beginMs = 1_000
/** SIGTERM, grace, the next version ready, and clients that find it. */
const deployMs = 4_000
/** Only there, so that the other version lives on beside it. */
const deployedSlot = 1
const { leaseMs } = budget

/** In the order of their times. */
export function schedule(draws: Random, round: Round): PlannedFault[] {
  return [...processes(draws, round), ...strikesOf(draws, round), ...toxicsOf(draws, round)].sort((a, b) => atMs(a) - atMs(b))
}

function processes(draws: Random, round: Round): PlannedFault[] {
  const { driver, phase, seconds, workers, mix } = round
  const faults: PlannedFault[] = []
  const endMs = seconds * 1e3
  const lanes = Array.from({ length: Math.min(2, workers) }, (_, lane) => Array.from({ length: workers }, (_, slot) => slot).filter((slot) => slot % 2 === lane))
  const free = lanes.map(() => beginMs)
  const between = (least: number, most: number): number => least + draws.below(most - least)
  const slotOf = (lane: number): number => lanes[lane]![draws.below(lanes[lane]!.length)]!

  type What = Omit<PlannedFault, 'id' | 'trigger'>
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
  const drawn = ({ kind, role, takesMs, healMs: { least, below }, more }: Drawn, wanted: readonly number[]): boolean => take(takesMs, wanted, (fromMs) =>
    add(fromMs, { kind, role, slot: role === 'worker' ? slotOf(wanted[0]!) : 0, heal: { afterMs: between(least, below), identity: 'same' }, ...more?.(draws, driver) }))

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

  const versions = lanes.length === 1 || !mix.deploys ? null : round.versions
  const deploy = (version: string): What => ({ kind: 'deploy', role: 'worker', slot: deployedSlot, version, heal: { afterMs: 0, identity: 'fresh' } })
  const turn = [
    ...all.map((lane) => () => sleep(lane)),
    ...mix.ofServices(driver).map((what) => () => drawn(what, all)),
    race, race,
    ...mix.ofWorkers.map((what) => () => drawn(what, [draws.below(lanes.length)])),
    // Never without the next one: runs that a version began need it to end.
    ...(versions === null ? [] : [() => take(2 * deployMs, [deployedSlot], (fromMs) => {
      add(fromMs, deploy(versions.first))
      add(fromMs + deployMs, deploy(versions.next))
    })]),
  ]
  // Every round begins with a kill, without which few invariants are exposed, and with what it is there for.
  let going = alone(0, 'kill')
  if (versions !== null) take(deployMs, [deployedSlot], (fromMs) => add(fromMs, deploy(versions.next)))
  const [first] = draws.shuffle([...(mix.once === undefined ? [] : [mix.once]), ...mix.ofServices(driver).filter(({ kind }) => kind !== 'restart'), ...mix.ofWorkers])
  if (first !== undefined) drawn(first, all)
  while (going) {
    going = false
    for (const part of draws.shuffle(turn)) going = part() || going
  }
  return faults
}

function atMs({ trigger }: PlannedFault): number {
  return trigger.at === 'time' ? trigger.afterMs : 0
}
