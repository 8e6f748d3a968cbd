// Crashes at exact points. A failpoint is bound to a workflow, a seq and an attempt, and claimed by an exclusive file create
// before it kills: else a restarted worker would crash at the same point again and again. Attempt n is the nth time that any
// worker came to this point of this op (a refused attempt never comes to `after-effect`); files count, since workers die. Where
// the victim is a service, the body waits at the point for the conductor's word that the service is dead.
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { FailPoint } from '../contract/driver.ts'
import type { ArmedFailpoint, ArmedFailpoints } from '../contract/plan.ts'

const pollMs = 5
/** A conductor that says nothing for so long has given the fault up. */
const wordWithinMs = 20_000

export interface Failpoints {
  /** Undefined for nearly every op, so that the hot path pays one map look-up. */
  at(workflowId: string, seq: number): Target | undefined
}

export interface Target {
  /**
   * Does not return if a failpoint is bound to this point of the op, the attempt is its, and it was not claimed before. Where a
   * service is the victim it returns when that is dead; the whole process stands still until then.
   */
  reached(point: FailPoint): void
  /** The same where the caller can wait: only the step stands still, its worker goes on. */
  passed(point: FailPoint): Promise<void>
  binds(point: FailPoint): boolean
}

/** What a claim file holds: the proof, written by the victim, that it died there, or by who waits there for a service's death. */
export interface Claim {
  readonly fault: string
  readonly incarnation: string
  readonly workflowId: string
  readonly seq: number
  readonly pid: number
  readonly attempt: number
  readonly atMs: number
  readonly waits?: true
}

export function loadFailpoints(file: string | null, incarnation: string): Failpoints {
  if (file === null) return { at: () => undefined }
  const armed = JSON.parse(readFileSync(file, 'utf8')) as ArmedFailpoints
  const targets = new Map<string, ArmedFailpoint[]>()
  for (const point of armed.points) {
    const key = `${point.workflowId}#${point.seq}`
    targets.set(key, [...(targets.get(key) ?? []), point])
  }
  const known = new Map([...targets].map(([key, points]) => [key, target(armed.claims, key, points, incarnation)]))
  return { at: (workflowId, seq) => (known.size === 0 ? undefined : known.get(`${workflowId}#${seq}`)) }
}

function target(claims: string, key: string, points: readonly ArmedFailpoint[], incarnation: string): Target {
  const binds = (point: FailPoint): boolean => points.some((p) => p.point === point)
  const count = (point: FailPoint): number => {
    for (let attempt = 1; ; attempt++) if (create(join(claims, `${key.replaceAll('/', '~')}.${point}-${attempt}`), '')) return attempt
  }
  const isDue = (p: ArmedFailpoint, attempt: number): boolean => (p.after === undefined ? p.attempt === attempt : existsSync(join(claims, `${p.after}.claim`)))

  /** The file to wait for, where there is one. */
  function claim(point: FailPoint): string | null {
    if (!binds(point)) return null
    const attempt = count(point)
    for (const bound of points) {
      if (bound.point !== point || !isDue(bound, attempt)) continue
      const claim: Claim = { fault: bound.fault, incarnation, workflowId: bound.workflowId, seq: bound.seq, pid: process.pid, attempt, atMs: Number(process.hrtime.bigint()) / 1e6, ...(bound.waits === undefined ? {} : { waits: bound.waits }) }
      if (!create(join(claims, `${bound.fault}.claim`), JSON.stringify(claim))) continue
      if (bound.waits) return join(claims, `${bound.fault}.go`)
      process.kill(process.pid, 'SIGKILL')
      for (;;); // the signal is on its way; no statement of ours may run after it
    }
    return null
  }

  return {
    reached(point) {
      const word = claim(point)
      for (const since = performance.now(); word !== null && isAwaited(word, since);) Atomics.wait(standstill, 0, 0, pollMs)
    },
    async passed(point) {
      const word = claim(point)
      for (const since = performance.now(); word !== null && isAwaited(word, since);) await delay(pollMs)
    },
    binds,
  }
}

const standstill = new Int32Array(new SharedArrayBuffer(4))

function isAwaited(word: string, sinceMs: number): boolean {
  return !existsSync(word) && performance.now() - sinceMs < wordWithinMs
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
