// Which faults of a failed round are enough for its violation. Processes are real, so a schedule that fails need not fail each time: every
// candidate is played several times, and one violation is proof; that none was seen is not, so the result may be larger than it had to be.
import { rmSync } from 'node:fs'
import type { Driver } from '../../contract/driver.ts'
import type { InvariantName, PlannedFault, Point, ServiceProvider } from '../../contract/plan.ts'
import type { Guard } from '../../processes/guard.ts'
import type { Addresses } from '../../services/index.ts'
import { createPointFolder } from '../folder.ts'
import { judgePoint } from '../judge.ts'
import { playPoint } from '../point.ts'
import { ddmin } from './ddmin.ts'

export interface Shrinking {
  readonly seed: number
  readonly point: Point
  readonly driver: Driver
  /** So often is a schedule played before it counts as harmless. */
  readonly tries: number
  /** For the logs of plays with a violation; those of the others go. */
  readonly folder: string
  readonly guard: Guard
  readonly addresses: Addresses
  readonly provider: ServiceProvider
  readonly interrupted: AbortSignal
  readonly tell: (line: string) => void
}

export interface Shrunk {
  readonly violated: readonly InvariantName[]
  readonly faults: readonly PlannedFault[]
  readonly plays: number
  /** False: it was interrupted, and fewer may do. */
  readonly minimal: boolean
}

class Interrupted extends Error {}

/** null: no invariant was violated in so many tries of the whole schedule, or it was interrupted before. */
export async function shrinkRound(shrinking: Shrinking): Promise<Shrunk | null> {
  const { point, tries, tell } = shrinking
  let plays = 0
  /** The invariants that one of the tries violated, of those that are asked for. */
  async function violated(faults: readonly PlannedFault[], asked: readonly InvariantName[] | null): Promise<readonly InvariantName[]> {
    for (let nth = 1; nth <= tries; nth++) {
      const found = (await play(shrinking, faults, ++plays)).filter((name) => asked === null || asked.includes(name))
      if (found.length === 0) continue
      tell(`${faults.length} of ${point.chaos.faults.length} faults: ${found.join(', ')} violated${nth === 1 ? '' : ` at try ${nth}`}`)
      return found
    }
    tell(`${faults.length} of ${point.chaos.faults.length} faults: not violated in ${tries} tries`)
    return []
  }

  let asked: readonly InvariantName[] = []
  let left = units(point.chaos.faults)
  try {
    asked = await violated(point.chaos.faults, null)
    if (asked.length === 0) return null
    await ddmin(left, async (part) => (await violated(part.flat(), asked)).length > 0, (part) => (left = [...part]))
    return { violated: asked, faults: left.flat(), plays, minimal: true }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    return asked.length === 0 ? null : { violated: asked, faults: left.flat(), plays, minimal: false }
  }
}

/** Faults that together make one stay together. */
function units(faults: readonly PlannedFault[]): PlannedFault[][] {
  return [...Map.groupBy(faults, ({ id, partOf }) => partOf ?? id).values()]
}

async function play({ point, driver, seed, folder, guard, addresses, provider, interrupted, tell }: Shrinking, faults: readonly PlannedFault[], nth: number): Promise<InvariantName[]> {
  const candidate: Point = { ...point, id: `${point.id}/${nth}`, chaos: { ...point.chaos, faults } }
  const own = createPointFolder(folder, candidate.id)
  const stop = Promise.withResolvers<never>()
  const interrupt = (): void => stop.reject(new Interrupted())
  if (interrupted.aborted) throw new Interrupted()
  interrupted.addEventListener('abort', interrupt, { once: true })
  try {
    const playing = playPoint({ seed, minExposures: 1, point: candidate, driver, folder: own, guard, addresses, provider, onProgress: () => undefined, onStage: () => undefined })
      .then((logs) => judgePoint(own, candidate, logs))
    playing.catch(() => undefined)
    const { invariants } = await Promise.race([playing, stop.promise])
    const failed = invariants.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name)
    if (failed.length === 0) rmSync(own, { recursive: true, force: true })
    return failed
  } catch (error) {
    if (error instanceof Interrupted) throw error
    tell(`play ${nth} broke, and tells nothing: ${error instanceof Error ? error.message : String(error)}`)
    return []
  } finally {
    interrupted.removeEventListener('abort', interrupt)
  }
}
