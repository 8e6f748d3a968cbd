// Plays mutants and their honest twins, two points at a time unless a point is about time: a pause or a kill by the clock must not
// meet a machine that is busy with something else. Twins first: each is played once for all mutants of its point.
import type { Driver } from '../contract/driver.ts'
import type { Point } from '../contract/plan.ts'
import { brokenPoint } from '../bench/empty-point.ts'
import type { JudgedPoint } from '../bench/judge.ts'
import type { Mutant } from './mutant.ts'
import { play, type Place } from './play.ts'
import { verdictOn, type MutantResult } from './verdict.ts'

const atOnce = 2

export interface Watcher {
  readonly began: (what: string) => void
  readonly tried: (result: MutantResult) => void
}

interface Played {
  readonly point: Point
  readonly mutant: Mutant | null
}

/** @returns the twins, by point */
export async function tryMutants(mutants: readonly Mutant[], honest: Driver, place: Place, watch: Watcher, over: AbortSignal): Promise<readonly JudgedPoint[]> {
  const twins = new Map<Point, JudgedPoint>()
  const points = [...new Set(mutants.map(({ point }) => point))]
  const order = points.flatMap((point): Played[] => [{ point, mutant: null }, ...mutants.filter((mutant) => mutant.point === point).map((mutant) => ({ point, mutant }))])
  const waiting: { readonly mutant: Mutant; readonly mutated: JudgedPoint }[] = []

  function settle(): void {
    for (const { mutant, mutated } of waiting.splice(0)) {
      const twin = twins.get(mutant.point)
      if (twin === undefined) waiting.push({ mutant, mutated })
      else watch.tried(verdictOn(mutant, mutated, twin))
    }
  }

  async function one({ point, mutant }: Played): Promise<void> {
    const id = `${point.id}/${mutant === null ? 'twin' : mutant.name}`
    watch.began(id)
    const driver = mutant?.mutate(honest) ?? honest
    const named: Point = { ...point, id, driver: driver.name, variant: point.variant in driver.variants ? point.variant : 'default', expect: mutant === null ? 'pass' : 'fail' }
    // One that breaks is an objection to itself, and to nobody else.
    const judged = await play(named, driver, place).catch((error: unknown) => brokenPoint(named, '', error, 0))
    if (mutant === null) twins.set(point, judged)
    else waiting.push({ mutant, mutated: judged })
    settle()
  }

  async function lane(queue: Played[]): Promise<void> {
    for (let next = queue.shift(); next !== undefined && !over.aborted; next = queue.shift()) await one(next)
  }

  const together = order.filter(({ point }) => !isAboutTime(point))
  await Promise.all(Array.from({ length: atOnce }, () => lane(together)))
  await lane(order.filter(({ point }) => isAboutTime(point)))
  return [...twins.values()]
}

function isAboutTime({ chaos }: Point): boolean {
  return chaos.faults.some(({ kind, trigger }) => kind === 'pause' || (trigger.at === 'time' && kind === 'kill'))
}
