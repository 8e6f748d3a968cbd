// Crashes at exact points. A failpoint is bound to a workflow, a seq and an attempt, and claimed by an exclusive file create
// before it kills: else a restarted worker would crash at the same point again and again. Attempt n is the nth time that any
// worker came to this point of this op (a refused attempt never comes to `after-effect`); files count, since workers die.
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FailPoint } from '../contract/driver.ts'
import type { ArmedFailpoints } from '../contract/plan.ts'

export interface Failpoints {
  /** Undefined for nearly every op, so that the hot path pays one map look-up. */
  at(workflowId: string, seq: number): Target | undefined
}

export interface Target {
  /** Does not return if a failpoint is bound to this point of the op, the attempt is its, and it was not claimed before. */
  reached(point: FailPoint): void
  binds(point: FailPoint): boolean
}

/** What a claim file holds: the proof, written by the victim, that it died there. */
export interface Claim {
  readonly fault: string
  readonly incarnation: string
  readonly workflowId: string
  readonly seq: number
  readonly pid: number
  readonly attempt: number
  readonly atMs: number
}

export function loadFailpoints(file: string | null, incarnation: string): Failpoints {
  if (file === null) return { at: () => undefined }
  const armed = JSON.parse(readFileSync(file, 'utf8')) as ArmedFailpoints
  const targets = new Map<string, ArmedFailpoints['points'][number][]>()
  for (const point of armed.points) {
    const key = `${point.workflowId}#${point.seq}`
    targets.set(key, [...(targets.get(key) ?? []), point])
  }
  const known = new Map([...targets].map(([key, points]) => [key, target(armed.claims, key, points, incarnation)]))
  return { at: (workflowId, seq) => (known.size === 0 ? undefined : known.get(`${workflowId}#${seq}`)) }
}

function target(claims: string, key: string, points: ArmedFailpoints['points'], incarnation: string): Target {
  const binds = (point: FailPoint): boolean => points.some((p) => p.point === point)
  const count = (point: FailPoint): number => {
    for (let attempt = 1; ; attempt++) if (create(join(claims, `${key.replaceAll('/', '~')}.${point}-${attempt}`), '')) return attempt
  }
  return {
    reached(point) {
      if (!binds(point)) return
      const attempt = count(point)
      const bound = points.find((p) => p.point === point && p.attempt === attempt)
      if (bound === undefined) return
      const claim: Claim = { fault: bound.fault, incarnation, workflowId: bound.workflowId, seq: bound.seq, pid: process.pid, attempt, atMs: Number(process.hrtime.bigint()) / 1e6 }
      if (!create(join(claims, `${bound.fault}.claim`), JSON.stringify(claim))) return
      process.kill(process.pid, 'SIGKILL')
      for (;;); // the signal is on its way; no statement of ours may run after it
    },
    binds,
  }
}

function create(path: string, content: string): boolean {
  try {
    const file = openSync(path, 'wx')
    writeFileSync(file, content)
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
