// Legal points with some of everything in them.
import type { Json } from '../../contract/json.ts'
import { dataPriceCents } from '../../scenarios/tool-loop/steps.ts'
import type { Logs } from '../logs.ts'
import { LogBuilder, playBare, playPurchase } from './build-log.ts'
import { playRace } from './play-race.ts'
import { playTeam } from './play-team.ts'
import { playTrip } from './play-trip.ts'

/** Purchases: eight in peace; one whose worker is killed while it charges; two that are taken over from a paused worker. */
export function legalPurchases(): Logs {
  const log = new LogBuilder()
  for (let index = 0; index < 8; index++) playPurchase(log, index)
  playPurchase(log, 8, {
    finisher: 'worker0-3',
    charge: (log, id, prev, cents) => {
      const first = log.attempt(id, 2, 'charge', prev, 'worker0-1')
      log.applied(first, cents)
      log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
      return log.replied(log.attempt(id, 2, 'charge', prev, 'worker0-3'))
    },
  })
  takenOver(log, 9)
  takenOver(log, 10, 'sleepsOn')
  return log.build()
}

/** A pause while the run waits; its successor ends it, then the zombie wakes and summarises once more, to no avail, if it does. */
function takenOver(log: LogBuilder, index: number, zombie: 'summarises' | 'sleepsOn' = 'summarises'): void {
  let plan = 0
  const trace = playPurchase(log, index, {
    source: 'worker1-2', finisher: 'worker0-3', early: true, answered: true,
    charge: (log, id, prev, cents) => {
      plan = prev[0] as number
      return log.step(id, 2, 'charge', [plan], 'worker1-2', cents)
    },
    waiting: (log) => {
      log.pause(`pause-${index}`, 1, 'worker1-2', 'applied')
      log.after(600)
    },
  })
  log.after(100).pause(`pause-${index}`, 1, 'worker1-2', 'healed')
  if (zombie === 'sleepsOn') return
  const late = log.attempt(`r-${index}`, 5, 'summarise', [trace[2] as number, `signal:r-${index}/approval`], 'worker1-2')
  log.applied(late)
  log.replied(late)
}

/** Bare steps: six runs in peace; one whose worker is killed after a step that it had not recorded. */
export function legalBare(): Logs {
  const log = new LogBuilder({ scenario: 'bare-steps' })
  for (let index = 0; index < 6; index++) playBare(log, index, { source: index % 2 === 0 ? 'worker0-1' : 'worker1-2' })
  const id = log.start(6)
  const first = log.bareStep(id, 1, 0)
  const second = log.bareStep(id, 2, first)
  log.bareStep(id, 3, second)
  log.kill('kill-1', 0, 'worker0-1', 'worker0-3')
  const third = log.bareStep(id, 3, second, 'worker0-3')
  const fourth = log.bareStep(id, 4, third, 'worker0-3')
  const trace = [first, second, third, fourth]
  log.record(id, trace)
  log.seen(id, 4, trace, 'drain')
  log.seen(id, 4, trace, 'reread')
  return log.build()
}

/** Races: each rival wins once, early, midway or at the time-out; one is cancelled as it is approved. */
export function legalRaces(): Logs {
  const log = new LogBuilder({ scenario: 'approval-race' })
  playRace(log, 0)
  playRace(log, 1, { when: 'early', answers: ['reject', 'approve'] })
  playRace(log, 2, { when: 'at the time-out', winner: null })
  playRace(log, 3, { when: 'at the time-out', answers: ['reject'] })
  playRace(log, 4, { answers: ['approve'], cancel: 'accepted' })
  playRace(log, 5, { answers: [] })
  return log.build()
}

/** Two ids of which each was started twice, at once or again. */
export function legalDoubles(): Logs {
  const log = new LogBuilder()
  for (const index of [0, 1]) {
    log.start(index)
    playPurchase(log, index)
  }
  return log.build()
}

/** Offers, each in the version that began it. */
export function legalOffers(): Logs {
  const log = new LogBuilder({ scenario: 'upgrade' })
  for (const index of [0, 1]) {
    const id = log.start(index)
    const draft = log.step(id, 1, 'draft-1', [])
    const signalId = log.signal(id, 'approval')
    const sent = log.after(20).step(id, 3, 'send-1', [draft, `signal:${signalId}`])
    const trace = [draft, { wait: 'approval', signalId, timeoutMs: 3_000 }, sent]
    log.record(id, trace)
    for (const reader of ['live', 'reread']) log.seen(id, { version: '1', approved: true }, trace, reader)
  }
  return log.build()
}

/** Trips: booked, and given up. */
export function legalTrips(): Logs {
  const log = new LogBuilder({ scenario: 'saga' })
  for (let index = 0; index < 8; index++) playTrip(log, index)
  return log.build()
}

/** A model that asks for a tool six times and then answers; one of them sells data. */
export function legalLoops({ used }: { readonly used?: Json } = {}): Logs {
  const log = new LogBuilder({ scenario: 'tool-loop' })
  const tools = ['search', 'calculate', 'buy-data', 'search', 'search', 'calculate']
  for (let index = 0; index < 3; index++) {
    const id = log.start(index)
    const trace: number[] = []
    for (const tool of tools) {
      trace.push(log.step(id, trace.length + 1, 'decide', trace.slice(-1)))
      trace.push(log.step(id, trace.length + 1, tool, trace.slice(-1), 'worker0-1', ...(tool === 'buy-data' ? [dataPriceCents] : [])))
    }
    trace.push(log.step(id, trace.length + 1, 'decide', trace.slice(-1)))
    log.record(id, trace)
    for (const reader of ['live', 'reread']) log.seen(id, { answer: 'so', used: used === undefined ? tools : used }, trace, reader)
  }
  return log.build()
}

/** Teams: two to their end, two called off. */
export function legalTeams(): Logs {
  const log = new LogBuilder({ scenario: 'children' })
  for (let index = 0; index < 4; index++) playTeam(log, index, { cancelled: index >= 2 })
  return log.build()
}
