// When wall clocks of this run jumped ahead: at a step ahead, and at the heal of a step back.
import type { Role } from '../contract/logs.ts'
import type { Evidence } from './evidence.ts'

export interface Jump {
  readonly role: Role
  readonly atMs: number
  /** Above 0. */
  readonly byMs: number
}

export function jumpsAhead({ context, faults }: Pick<Evidence, 'context' | 'faults'>): Jump[] {
  return faults.flatMap(({ fault, kind, role, appliedMs, healedMs, skipped }) => {
    if (kind !== 'clock-step' || appliedMs === null || skipped) return []
    const byMs = context.point.chaos.faults.find(({ id }) => id === fault)?.byMs ?? 0
    const atMs = byMs > 0 ? appliedMs : healedMs
    return atMs === null || byMs === 0 ? [] : [{ role, atMs, byMs: Math.abs(byMs) }]
  })
}
