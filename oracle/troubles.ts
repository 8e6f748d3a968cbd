// When which process was in trouble: the only excuses for doing something again. Two kinds: of one incarnation (a worker
// killed, paused, ended, or starved by its neighbours), and of a service that every run uses (the store, the engine's server).
// Trade-off: after a pause or an outage has healed, what it held up still takes a while to come through; that while is the
// budget's lease plus poll, the time that engines are given to notice anything at all.
import type { Evidence } from './evidence.ts'
import { jumpsAhead } from './jumps.ts'

export interface Trouble {
  /** Fault and role, e.g. `kill worker`. */
  readonly label: string
  readonly fromMs: number
  readonly untilMs: number
  readonly isPause: boolean
  /** A pause that nobody slept through: leases ended, and only who held a run then is superseded in it. */
  readonly isLapse?: true
  /** Asked for by the plan; else a process that ended by itself or at a clean stop. */
  readonly isFault: boolean
  /** null: everybody. */
  readonly incarnation: string | null
}

export interface Troubles {
  readonly all: readonly Trouble[]
  readonly ofEverybody: readonly Trouble[]
  of(incarnation: string): readonly Trouble[]
  readonly hasPauses: boolean
  /** When the last disturbance was over, by chaos's word; 0: there was none. */
  readonly lastHealMs: number
}

/** By how much two observers on one host may disagree about when something happened. */
export const observationMs = 50

/** What an engine may take to notice what its store was told: the poll that just missed it, and the one that finds it. */
export function noticeMs({ context }: Evidence): number {
  return 2 * context.budget.pollMs + observationMs
}

/**
 * When a worker's connections to the store were hurt. Not among the troubles: it excuses no second attempt, since the worker lives
 * and knows what it did; but what it should have heard over them comes late.
 */
export function deafOf({ faults, context }: Evidence, incarnation: string): { readonly fromMs: number; readonly untilMs: number }[] {
  return faults.flatMap(({ role, incarnation: whose, appliedMs, healedMs }) =>
    (role === 'link' && whose === incarnation && appliedMs !== null ? [{ fromMs: appliedMs, untilMs: (healedMs ?? appliedMs) + context.budget.leaseMs + context.budget.pollMs }] : []))
}

/** Its worker lives, and can't know that others have taken over; in a partition it may even act meanwhile. */
const silences: ReadonlySet<string> = new Set(['pause', 'partition'])

const none: readonly Trouble[] = []
const known = new WeakMap<Evidence, Troubles>()

export function troublesOf(evidence: Evidence): Troubles {
  let troubles = known.get(evidence)
  if (troubles === undefined) known.set(evidence, (troubles = collect(evidence)))
  return troubles
}

function collect(evidence: Evidence): Troubles {
  const planned = faults(evidence)
  // The first one found gives its name to what it excuses: a fault before what merely happened.
  const all = [...planned, ...lapses(evidence), ...exits(evidence), ...standstills(evidence, planned)]
  const byIncarnation = Map.groupBy(all.filter((trouble) => trouble.incarnation !== null), (trouble) => trouble.incarnation!)
  const healed = evidence.faults.filter((fault) => fault.appliedMs !== null).flatMap((fault) => [fault.appliedMs!, fault.healedMs ?? 0])
  return {
    all,
    ofEverybody: all.filter((trouble) => trouble.incarnation === null),
    of: (incarnation) => byIncarnation.get(incarnation) ?? none,
    hasPauses: all.some((trouble) => trouble.isPause),
    lastHealMs: Math.max(0, ...healed, ...evidence.operators.map(({ atMs }) => atMs)),
  }
}

function faults({ faults, lives, context }: Evidence): Trouble[] {
  const whileMs = context.budget.leaseMs + context.budget.pollMs
  return faults.flatMap((fault): Trouble[] => {
    // A fault that was skipped after all excuses nothing; a process that it ended is excused by its exit.
    if (fault.appliedMs === null || fault.skipped) return []
    const label = `${fault.kind} ${fault.role}`
    const isSilence = silences.has(fault.kind)
    const common = { label, isPause: isSilence && fault.role === 'worker', isFault: true }
    const healedMs = fault.healedMs ?? Infinity
    if (fault.role === 'store' || fault.role === 'engine-server') return [{ ...common, fromMs: fault.appliedMs, untilMs: healedMs + whileMs, incarnation: null }]
    if (fault.role === 'link' && fault.link !== null) return hurtsWorkers(fault.link) ? [{ ...common, fromMs: fault.appliedMs, untilMs: healedMs + whileMs, incarnation: null }] : []
    if (fault.role !== 'worker' && fault.role !== 'app') return []
    const life = lives.find((life) => (fault.incarnation === null ? life.role === fault.role && life.slot === fault.slot && livedAt(life, fault.appliedMs!) : life.incarnation === fault.incarnation))
    const incarnation = fault.incarnation ?? life?.incarnation
    if (incarnation === undefined) return []
    if (isSilence || fault.kind === 'clock-step') return [{ ...common, fromMs: fault.appliedMs, untilMs: healedMs + whileMs, incarnation }]
    const exitedMs = life?.exitedMs ?? fault.appliedMs
    return [{ ...common, fromMs: Math.min(fault.appliedMs, exitedMs), untilMs: exitedMs, incarnation }]
  })
}

/**
 * A store's clock that jumps ahead ends every lease that is kept by it: whoever lives then may have been taken over, and learns of it as late as
 * after a pause. Half a lease is what is left of one at the least.
 */
function lapses(evidence: Evidence): Trouble[] {
  const { leaseMs, pollMs } = evidence.context.budget
  return jumpsAhead(evidence).filter(({ role, byMs }) => role === 'store' && byMs >= leaseMs / 2).flatMap(({ atMs }) =>
    evidence.lives.filter((life) => life.role === 'worker' && livedAt(life, atMs)).map(({ incarnation }): Trouble => ({
      label: 'clock-step store', fromMs: atMs, untilMs: atMs + leaseMs + pollMs, isPause: true, isLapse: true, isFault: true, incarnation,
    })))
}

/** What a client asks for late, or in doubt, is no reason for a worker to do anything twice. */
function hurtsWorkers(link: string): boolean {
  return link !== 'app-engine'
}

function livedAt(life: Evidence['lives'][number], atMs: number): boolean {
  return life.spawnedMs <= atMs && (life.exitedMs === null || life.exitedMs >= atMs)
}

/**
 * A worker that got no turn, by its own watch: time-outs pass, and leases if it was for long. It excuses what overlaps with it, no while
 * longer. One that a pause brought about is that pause.
 */
function standstills({ standstills, context: { budget } }: Evidence, faults: readonly Trouble[]): Trouble[] {
  return standstills
    .filter(({ incarnation, fromMs, untilMs }) => !faults.some((fault) => fault.incarnation === incarnation && fault.isPause && fault.fromMs <= untilMs && fault.untilMs >= fromMs))
    .map(({ incarnation, fromMs, untilMs }) => ({ label: 'standstill worker', fromMs, untilMs, isPause: untilMs - fromMs >= budget.leaseMs / 2, isFault: false, incarnation }))
}

/** Every end of a worker or app. One that a fault caused is there twice, as that fault first. An unexpected one is noticed late. */
function exits({ lives }: Evidence): Trouble[] {
  return lives.flatMap(({ role, incarnation, exitedMs, expected }) => {
    if (exitedMs === null || (role !== 'worker' && role !== 'app')) return []
    return [{ label: `exit ${role}`, fromMs: expected ? exitedMs : exitedMs - observationMs, untilMs: exitedMs, isPause: false, isFault: false, incarnation }]
  })
}
