// What goes on inside a worker: bodies that ask for operations, and a pump with one batch in flight. Its own steps follow at once
// from what it hears; that somebody is slow shows in when its requests reach the store. That halves the states and loses none
// that the store could tell apart.
import { endOf, type Draft } from './store.ts'
import { idlePump, type Body, type Process, type Unit } from './state.ts'

function processOf(d: Draft, worker: number): Process {
  return d.state.processes[worker]!
}

/** Fenced: nothing of it counts any more. */
export function lose(d: Draft, worker: number, life: 'lost' | 'crashed'): void {
  Object.assign(processOf(d, worker), { life, bodies: d.plan.runs.map(() => null), pump: idlePump(), unsure: false })
}

function push(d: Draft, worker: number, unit: Unit): void {
  processOf(d, worker).pump.pending.push(unit)
  send(d, worker)
}

function send(d: Draft, worker: number): void {
  const { pump } = processOf(d, worker)
  if (pump.flight !== null) return
  const next = pump.halves.shift() ?? pump.pending.splice(0)
  if (next.length === 0) return
  Object.assign(pump, { flight: next, net: 'request', doubt: false, burning: false })
  if (d.defects.has('ack-before-commit')) settle(d, worker, next)
}

/** The answer to the batch in flight is read. */
export function receive(d: Draft, worker: number): void {
  const { pump } = processOf(d, worker)
  const row = d.state.workers[worker]!
  const units = pump.flight!
  if (row.fenced && (pump.net === 'unheld' || pump.burning)) return lose(d, worker, 'lost')
  if (pump.net === 'unheld' && row.batch !== pump.number + 1) {
    d.state.wrong ??= 'a refused batch is explained'
    return
  }
  if (pump.burning) return burnt(d, worker, units)
  if (pump.net === 'unheld') d.covered.push('a lost answer was found out: committed')
  if (pump.net !== 'refused') return acknowledge(d, worker, units)
  if (pump.doubt && !d.defects.has('number-used-again')) {
    // A lost copy of it may still arrive, and then not be refused: an empty batch under the same number shuts the door.
    Object.assign(pump, { net: 'request', burning: true })
    return
  }
  isolate(d, worker, units)
}

/** The number is used up, by the empty batch or by a lost copy: what is in the journal tells, as long as it can only be ours. */
function burnt(d: Draft, worker: number, units: Unit[]): void {
  const [{ run, seq }] = units as [Unit]
  if (d.state.runs[run]!.journal[seq] !== null) {
    d.covered.push('a refused batch turned out to be committed')
    return acknowledge(d, worker, units)
  }
  processOf(d, worker).pump.number++
  isolate(d, worker, units)
}

export function acknowledge(d: Draft, worker: number, units: Unit[]): void {
  const { pump } = processOf(d, worker)
  pump.number++
  land(d, worker)
  if (!d.defects.has('ack-before-commit')) settle(d, worker, units)
}

/** Halves a refused batch until the victim stands alone. */
function isolate(d: Draft, worker: number, units: Unit[]): void {
  const { pump } = processOf(d, worker)
  const [only] = units as [Unit]
  if (units.length > 1) {
    d.covered.push('a refused batch was halved')
    const middle = units.length >> 1
    pump.halves.unshift(units.slice(0, middle), units.slice(middle))
  } else pump.pending.push({ ...only, value: 'refused' })
  land(d, worker)
}

function land(d: Draft, worker: number): void {
  Object.assign(processOf(d, worker).pump, { flight: null, net: 'idle', doubt: false, burning: false })
  send(d, worker)
}

function settle(d: Draft, worker: number, units: readonly Unit[]): void {
  const { state, plan } = d
  const { bodies } = processOf(d, worker)
  for (const { run, seq, value } of units) {
    const existing = seq === 0 && state.keys[plan.runs[run]!] !== run && !d.defects.has('ack-before-commit')
    if (existing) bodies[run] = null
    else hear(d, worker, run, seq, value)
  }
}

/** A body is told what an operation came to, and goes on. */
function hear(d: Draft, worker: number, run: number, seq: number, value: string): void {
  const { bodies } = processOf(d, worker)
  const before = d.state.told[run]![seq]
  if (before !== null && before !== value) d.state.wrong ??= 'all are told the same'
  d.state.told[run]![seq] = value
  if (seq === endOf(d.plan)) bodies[run] = null
  else {
    bodies[run]!.at = seq + 1
    goOn(d, worker, run)
  }
}

function goOn(d: Draft, worker: number, run: number): void {
  const body = processOf(d, worker).bodies[run]!
  const operation = d.plan.body[body.at - 1]
  const come = (value: string): void => push(d, worker, { run, seq: body.at, value })
  if (operation === undefined) return come('completed')
  if (body.cancelled) return push(d, worker, { run, seq: endOf(d.plan), value: 'cancelled' })
  if (operation === 'step') return come(`step of ${worker}`)
  if (operation === 'statement') return come('rows')
  if (!body.held) return void (body.waiting = true)
  body.held = false
  come('signal')
}

export function begin(d: Draft, worker: number, run: number): void {
  processOf(d, worker).bodies[run] = newBody()
  push(d, worker, { run, seq: 0, value: 'start' })
}

function newBody(): Body {
  return { at: 0, waiting: false, cancelled: false, seen: false, held: false }
}

/** A run that somebody else began: its body is run again, and told what is recorded. Messages come before it begins. */
export function adopt(d: Draft, worker: number, run: number): void {
  const { journal, signal, cancel } = d.state.runs[run]!
  const held = signal === 'open' && !d.defects.has('early-signal')
  const seen = d.defects.has('mailbox-forgets') ? signal === 'open' : signal !== 'none'
  const body = { ...newBody(), cancelled: cancel, seen, held }
  processOf(d, worker).bodies[run] = body
  for (let seq = 0; seq < endOf(d.plan) && journal[seq] !== null; seq++) {
    const before = d.state.told[run]![seq]
    if (before !== null && before !== journal[seq]) d.state.wrong ??= 'all are told the same'
    d.state.told[run]![seq] = journal[seq]!
    body.at = seq + 1
  }
  goOn(d, worker, run)
}

/** The first of signal, time-out and cancel ends a wait; what comes later finds nobody waiting. */
export function endWait(d: Draft, worker: number, run: number, value: 'signal' | 'timeout' | 'cancelled'): void {
  const body = processOf(d, worker).bodies[run]!
  body.waiting = false
  push(d, worker, { run, seq: value === 'cancelled' ? endOf(d.plan) : body.at, value })
}

export function deliver(d: Draft, worker: number, run: number, message: 'signal' | 'cancel'): void {
  const body = processOf(d, worker).bodies[run]!
  if (message === 'cancel') {
    body.cancelled = true
    if (body.waiting) endWait(d, worker, run, 'cancelled')
    return
  }
  body.seen = true
  if (body.waiting) endWait(d, worker, run, 'signal')
  else body.held = !d.defects.has('early-signal')
}
