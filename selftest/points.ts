// The points that mutants share: what each exposes is named, and the honest twin of each is played once for all its mutants.
import { crashAt, deployTo, exposing, killAfter, pauseAt, strike, strikeAhead } from './exposing.ts'

/** Waits that time out within the point, and answers before, during and after them. */
const brief = { approvalTimeoutMs: 1_000 }

export const calm = exposing({
  name: 'calm', runs: 40, params: brief, doubledShare: 0.5,
  invariants: ['admission', 'effects', 'stability', 'order', 'signals', 'timers', 'finality', 'start-dedup', 'conservation', 'evidence'],
})

/** At seq 3 the world has seen the nonce of seq 2, so seq 2 is claimed beyond doubt. */
export const crash = exposing({ name: 'crash', runs: 16, params: brief, faults: [crashAt(0, 3, 'after-effect')], invariants: ['admission', 'effects', 'claimed', 'stability'] })
/** Between an effect and its record, where a step is at its most ambiguous; a keyed one, whose key has to hold. */
export const crashCharging = exposing({ name: 'crash-charging', runs: 16, params: brief, faults: [crashAt(0, 2, 'after-effect')], invariants: ['effects', 'conservation', 'stability'] })
export const crashBefore = exposing({ name: 'crash-before', runs: 16, params: brief, faults: [crashAt(0, 3, 'before-effect')], invariants: ['effects', 'stability'] })
export const crashEarly = exposing({ name: 'crash-early', runs: 20, params: brief, faults: [crashAt(0, 1, 'after-effect')], invariants: ['admission'] })
/** Whoever takes the dead worker's runs over has to wait for its lease. */
export const takeOver = exposing({ name: 'take-over', runs: 30, params: brief, livenessMs: 15_000, faults: [killAfter(0, 400, 'fresh')], invariants: ['admission', 'liveness'] })
/** By then worker 0 is at work on some thirty runs, most of them waiting for their human, whose late answers are still to come. */
export const pause = exposing({ name: 'pause', runs: 60, faults: [pauseAt('receipt', 45)], invariants: ['fencing', 'finality', 'stability'] })
/** So many that some of them are worker 0's: whoever was answered early or soon has gone on there, the others wait, and for some of them an answer is still to come. */
export const pauseInWait = exposing({ name: 'pause-in-wait', runs: 60, faults: [pauseAt('summarise', 20)], invariants: ['fencing', 'stability'] })

export const rivals = exposing({ name: 'rivals', runs: 60, scenario: 'approval-race', invariants: ['races', 'cancel'] })
/** Each dies when its decision was acted upon, and before that was recorded; many of them have two answers by then. */
export const rivalsCrash = exposing({ name: 'rivals-crash', runs: 60, scenario: 'approval-race', faults: [0, 1, 2, 3, 5, 6].map((index) => crashAt(index, 3, 'after-effect')), invariants: ['races'] })

/** Its researchers read for so long that an engine has noticed a cancel beyond doubt: two polls, a lease and a poll more. */
export const team = exposing({ name: 'team', runs: 25, scenario: 'children', params: { readingMs: 6_000 }, invariants: ['cancel', 'orphans', 'conservation', 'order'] })
export const teamCrash = exposing({ name: 'team-crash', runs: 12, scenario: 'children', params: { readingMs: 1_500 }, faults: [killAfter(0, 900)], invariants: ['orphans'] })
export const fanOut = exposing({ name: 'fan-out', runs: 12, scenario: 'research', invariants: ['effects', 'stability'] })

/** All workers are replaced while the runs wait; what only the old version can go on with has to wait until one is taken back. */
export const deploy = exposing({ name: 'deploy', runs: 40, scenario: 'upgrade', livenessMs: 25_000, faults: [deployTo(0, '2', 700), deployTo(1, '2', 700), deployTo(0, '1', 8_000)], invariants: ['stability', 'liveness'] })

/** Many messages of one name, sent while earlier ones are still being answered. */
export const stream = exposing({ name: 'stream', runs: 10, scenario: 'chat', params: { turns: 12, turnsPerLife: 4, gapMs: 40 }, livenessMs: 15_000, invariants: ['signals', 'liveness'] })
/** One document takes down whoever parses it, beside others that only wait for their reviewer by then. */
export const documents = exposing({ name: 'documents', runs: 25, scenario: 'poison', params: { deadly: 1 }, livenessMs: 25_000, invariants: ['liveness', 'outcome'] })
export const reminders = exposing({ name: 'reminders', runs: 30, scenario: 'reminders', livenessMs: 15_000, invariants: ['signals', 'timers'] })
/** All runs wait in nobody's memory, and without a time-out. */
export const inbox = exposing({ name: 'inbox', runs: 30, scenario: 'approval-inbox', variant: 'parking', livenessMs: 15_000, invariants: ['liveness'] })

const probed = (input: { readonly failures?: number; readonly refuse?: boolean }): { readonly attempt: { readonly step: string; readonly input: typeof input } } => ({ attempt: { step: 'probe', input } })
export const refusals = exposing({ name: 'refusals', runs: 10, scenario: 'script', params: [probed({ refuse: true }), probed({ failures: 2 }), probed({ failures: 12 }), { step: 'mail', input: 'done' }], invariants: ['effects', 'stability'] })
/** A timer longer than what an engine is given to notice anything, and a crash in the midst of it. */
export const longTimer = exposing({
  name: 'long-timer', runs: 12, scenario: 'script', params: [{ step: 'mail', input: 'before' }, { sleepMs: 12_000 }, { step: 'mail', input: 'after' }],
  livenessMs: 30_000, faults: [killAfter(0, 4_500)], invariants: ['timers'],
})

export const bookings = exposing({ name: 'bookings', runs: 200, scenario: 'transfer', faults: [strike('cut-answer', 1, 2), strike('cut-answer', 0, 2), strike('cut-answer', 1, 4)], invariants: ['effects'] })
export const bookingsCrash = exposing({ name: 'bookings-crash', runs: 100, scenario: 'transfer', faults: [killAfter(0, 150), killAfter(1, 300)], invariants: ['effects'] })
export const lostRequests = exposing({ name: 'lost-requests', runs: 200, faults: [0, 1].flatMap((slot) => [strikeAhead('cut-request', slot, 1), strikeAhead('cut-request', slot, 2)]), invariants: ['admission'] })
