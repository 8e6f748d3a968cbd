// Turns a plan's failpoints, which name a run by its place in a batch, into the file that workers read, which names it by id.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArmedFailpoints, LoadPhase, Point } from '../contract/plan.ts'

/** The file's path; null when the plan has none. */
export function armFailpoints(point: Point, runId: string, folder: string): string | null {
  const points = point.chaos.faults.flatMap(({ id, trigger }) => {
    if (trigger.at !== 'failpoint') return []
    const first = firstIndex(point.load.phases, trigger.phase, trigger.batch)
    return [{ fault: id, workflowId: `${runId}-${first + trigger.index}`, seq: trigger.seq, attempt: trigger.attempt, point: trigger.point }]
  })
  if (points.length === 0) return null
  const file = join(folder, 'failpoints.json')
  writeFileSync(file, JSON.stringify({ claims: join(folder, 'claims'), points } satisfies ArmedFailpoints))
  return file
}

function firstIndex(phases: readonly LoadPhase[], name: string, batch: number): number {
  const phase = phases[0]
  if (phase?.kind !== 'batches' || phase.name !== name) throw new Error(`expected failpoints to be bound to batches of the first phase, found phase '${name}': how many runs come before is known there only`)
  return phase.sizes.slice(0, batch).reduce((sum, size) => sum + size, 0)
}
