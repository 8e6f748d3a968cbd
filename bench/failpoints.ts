// Turns a plan's failpoints, which name a run by its place in a batch, into the file that workers read, which names it by id.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArmedFailpoint, ArmedFailpoints, Point, Trigger } from '../contract/plan.ts'

export type AtFailpoint = Extract<Trigger, { at: 'failpoint' }>

/** The file's path; null when the plan has none. */
export function armFailpoints(point: Point, runId: string, folder: string): string | null {
  const points = point.chaos.faults.flatMap(({ id, role, trigger }): ArmedFailpoint[] => {
    if (trigger.at !== 'failpoint') return []
    const { seq, attempt, after } = trigger
    return [{
      fault: id, workflowId: boundTo(point, runId, trigger), seq, attempt, point: trigger.point,
      ...(after === undefined ? {} : { after }),
      ...(role === 'worker' ? {} : { waits: true }),
    }]
  })
  if (points.length === 0) return null
  const file = join(folder, 'failpoints.json')
  writeFileSync(file, JSON.stringify({ claims: join(folder, 'claims'), points } satisfies ArmedFailpoints))
  return file
}

/** The id of the run that a failpoint is bound to. */
export function boundTo({ load }: Point, runId: string, { phase: name, batch, index }: AtFailpoint): string {
  const phase = load.phases[0]
  if (phase?.kind !== 'batches' || phase.name !== name) throw new Error(`expected failpoints to be bound to batches of the first phase, found phase '${name}': how many runs come before is known there only`)
  return `${runId}-${phase.sizes.slice(0, batch).reduce((sum, size) => sum + size, index)}`
}
