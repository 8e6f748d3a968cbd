// One planned fault from its trigger to its heal. A victim that isn't there, or a proof that fails, makes the fault `skipped`
// with the reason: it is never counted as a fault that an engine survived.
import type { PlannedFault } from '../contract/plan.ts'
import { faults } from './faults/index.ts'
import type { LinkFault, MachineFault, NetworkFault, ProcessFault } from './faults/fault.ts'
import type { FaultEvent } from './log.ts'
import type { Held, Stage, Victim } from './stage.ts'
import { setTimeout as delay } from 'node:timers/promises'

/** A worker that commits nothing for so long has nothing to be cut. */
const strikeCapMs = 15_000

interface Until {
  /** How long its trigger is waited for. */
  readonly trigger: AbortSignal
  /** How long there is a point to hurt and to heal. */
  readonly over: AbortSignal
}

/** Resolves when the fault is healed or was skipped. */
export async function perform(planned: PlannedFault, stage: Stage, { trigger, over }: Until): Promise<void> {
  const skip = (why: string): void => note(stage, planned, 'skipped', { why })
  try {
    if (planned.trigger.at === 'failpoint') return await (planned.role === 'worker' ? crashAtFailpoint : hurtAtFailpoint)(planned, stage, { trigger, over })
    await triggered(planned, stage, trigger)
    const fault = faults[planned.kind]
    if (!fault.roles.includes(planned.role)) throw new Error(`expected a ${fault.kind} of ${fault.roles.join(' or ')}, found one of ${planned.role}`)
    if (fault.of === 'link') return await strike(planned, fault, stage, over)
    if (fault.of === 'network') return await network(planned, fault, stage, over)
    const victims = choose(planned, stage)
    if (victims.length === 0) return skip(planned.role === 'worker' ? `no worker of this run in slot ${planned.slot}` : `this run started no ${planned.role}; an external one is left alone`)
    await Promise.all(victims.map((victim) => inTurn(victim, () => (fault.of === 'process' ? hurt(planned, fault, victim, stage, over) : machine(planned, fault, victim, stage, over)))))
  } catch (error) {
    skip(error instanceof Error ? error.message : String(error))
  }
}

/** `at`: where it was triggered; `struck` is called as soon as it took hold. */
async function hurt(planned: PlannedFault, fault: ProcessFault, victim: Victim, stage: Stage, over: AbortSignal, at: Partial<Fault> = {}, struck = (): void => undefined): Promise<void> {
  const { role, slot, incarnation } = victim
  const who = { ...at, role, slot, incarnation }
  const before = fault.provedByHeal ? await victim.proof() : ''
  note(stage, planned, 'applied', who)
  await fault.apply(victim)
  struck()
  if (!fault.provedByHeal) note(stage, planned, 'proved', who)
  await delay(planned.heal.afterMs, undefined, { signal: over })
  await fault.heal(victim, planned.heal.identity, planned.version)
  if (fault.provedByHeal) {
    const after = await victim.proof()
    if (after === before) throw new Error(`expected ${role} to have another start time after the restart, found ${after} again`)
    note(stage, planned, 'proved', { ...who, why: `start time ${before} → ${after}` })
  }
  note(stage, planned, 'healed', who)
}

/** The last fault of each service; a worker is another victim every time. */
const turns = new WeakMap<Victim, Promise<void>>()

/** A service that is still coming back from a fault meets the next one when it is there. */
function inTurn(victim: Victim, work: () => Promise<void>): Promise<void> {
  const turn = (turns.get(victim) ?? Promise.resolve()).then(work)
  turns.set(victim, turn.catch(() => undefined))
  return turn
}

/** The time of the heal counts from when it took hold, not from its proof. */
async function hold(planned: PlannedFault, take: () => Promise<Held>, victim: Victim | null, stage: Stage, over: AbortSignal): Promise<void> {
  const who = victim === null ? {} : { slot: victim.slot, incarnation: victim.incarnation }
  const healAtMs = performance.now() + planned.heal.afterMs
  note(stage, planned, 'applied', who)
  const held = await take()
  if (held.saw !== null) note(stage, planned, 'proved', { ...who, why: held.saw })
  await delay(Math.max(0, healAtMs - performance.now()), undefined, { signal: over })
  const { saw, ...stall } = await held.heal()
  if (held.saw === null) note(stage, planned, 'proved', { ...who, why: saw })
  note(stage, planned, 'healed', { ...who, ...stall, why: held.saw === null ? saw : `${held.saw}; ${saw}` })
}

/** Of a worker's own link, or of one that all who use it share. */
async function network(planned: PlannedFault, fault: NetworkFault, stage: Stage, over: AbortSignal): Promise<void> {
  const { link } = planned
  if (link === undefined) throw new Error(`expected the plan to name the link of a ${fault.kind}, found none`)
  const victims = planned.role === 'worker' ? choose(planned, stage) : [null]
  if (victims.length === 0) throw new Error(`no worker of this run in slot ${planned.slot}`)
  await Promise.all(victims.map((victim) => hold(planned, () => fault.hold(stage.network, { ...planned, link }, victim?.slot ?? null), victim, stage, over)))
}

async function machine(planned: PlannedFault, fault: MachineFault, victim: Victim, stage: Stage, over: AbortSignal): Promise<void> {
  await fault.prepare?.(victim, planned)
  await hold(planned, () => fault.hold(victim, planned), victim, stage, over)
}

/** The relay strikes when the commit comes, and knows then whose it was. */
async function strike(planned: PlannedFault, fault: LinkFault, stage: Stage, over: AbortSignal): Promise<void> {
  if (stage.link === null) throw new Error('no relay stands between workers and a store of this run')
  const { worker, atMs, saw, late } = await fault.strike(stage.link, planned, AbortSignal.any([over, AbortSignal.timeout(strikeCapMs)]))
  const who = { slot: worker.slot, incarnation: worker.incarnation }
  note(stage, planned, 'applied', who, atMs)
  try {
    if (late !== undefined) await delay(planned.heal.afterMs, undefined, { signal: over })
    note(stage, planned, 'proved', { ...who, why: late === undefined ? saw : await late() })
    note(stage, planned, 'healed', who)
  } catch (error) {
    note(stage, planned, 'skipped', { ...who, why: `${saw}, and could not be delivered: ${(error as Error).message}` })
  }
}

/** The victim kills itself; its claim file, written just before, is the proof. */
async function crashAtFailpoint(planned: PlannedFault, stage: Stage, { trigger, over }: Until): Promise<void> {
  if (planned.trigger.at !== 'failpoint') return
  const { seq, point } = planned.trigger
  const { claim, slot } = await stage.claimed(planned.id, trigger)
  const who = { role: 'worker' as const, slot, incarnation: claim.incarnation, seq, point, attempt: claim.attempt, workflowId: claim.workflowId }
  note(stage, planned, 'applied', who, claim.atMs)
  note(stage, planned, 'proved', who)
  await delay(planned.heal.afterMs, undefined, { signal: over })
  await stage.revive(slot, planned.heal.identity)
  note(stage, planned, 'healed', who)
}

/** The body waits at the failpoint until the service is dead: whatever it does next meets the failure. */
async function hurtAtFailpoint(planned: PlannedFault, stage: Stage, { trigger, over }: Until): Promise<void> {
  if (planned.trigger.at !== 'failpoint') return
  const { seq, point } = planned.trigger
  const letGo = (): void => stage.letGo(planned.id)
  try {
    const fault = faults[planned.kind]
    const [victim] = choose(planned, stage)
    if (fault.of !== 'process' || victim === undefined) throw new Error(`no ${planned.role} of this run to strike with ${planned.kind}`)
    const { attempt, workflowId } = await stage.held(planned.id, trigger)
    await inTurn(victim, () => hurt(planned, fault, victim, stage, over, { seq, point, attempt, workflowId }, letGo))
  } finally {
    letGo()
  }
}

async function triggered({ trigger }: PlannedFault, stage: Stage, signal: AbortSignal): Promise<void> {
  if (trigger.at === 'failpoint') return
  if (trigger.batch === undefined) await stage.phase(trigger.phase, signal)
  else await stage.batch(trigger.phase, trigger.batch, signal)
  if (trigger.at === 'time') await delay(trigger.afterMs, undefined, { signal })
  else await stage.applied(trigger.step, trigger.nth, signal)
}

function choose({ role, slot, part }: PlannedFault, stage: Stage): Victim[] {
  if (role === 'store') return stage.store ? [stage.store] : []
  if (role === 'engine-server') {
    const server = part === undefined ? stage.server : stage.part(part)
    return server === null ? [] : [server]
  }
  const slots = typeof slot === 'number' ? [slot] : Array.from({ length: stage.workerSlots }, (_, i) => i)
  return slots.flatMap((i) => stage.worker(i) ?? [])
}

type Fault = Extract<FaultEvent, { k: 'fault' }>

function note(stage: Stage, planned: PlannedFault, phase: Fault['phase'], more: Partial<Fault>, atMs?: number): void {
  const { id: fault, kind, role, link } = planned
  stage.log.write({ k: 'fault', fault, kind, role, phase, ...(link === undefined ? {} : { link }), ...more }, atMs)
}
