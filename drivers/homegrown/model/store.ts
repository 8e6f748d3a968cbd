// What the store does: each function is one transaction, or the first or last statement of one, on a state of its own.
import type { Defects } from './defects.ts'
import type { Plan } from './plans.ts'
import type { Answer, State, Transaction, Unit } from './state.ts'

export interface Model {
  readonly plan: Plan
  readonly defects: Defects
}

/** A transition under construction. */
export interface Draft extends Model {
  readonly state: State
  /** What is interesting about it, for the coverage. */
  readonly covered: string[]
}

export const endOf = (plan: Plan): number => plan.body.length + 1

/** Locks that an update of this worker's row has to wait for: those of whoever fences it. */
export function isLocked({ transactions }: State, worker: number): boolean {
  return transactions.some(({ victims }) => victims.includes(worker))
}

function accuse(d: Draft, what: string): void {
  d.state.wrong ??= what
}

/** The fenced batch. */
export function applyBatch(d: Draft, worker: number, number: number, units: readonly Unit[], late: boolean): Answer {
  const { state, plan, defects } = d
  const row = state.workers[worker]!
  const alive = !row.fenced || defects.has('fence')
  const next = row.batch === number - 1 || defects.has('batch-check')
  const held = alive && next
  const counted = held ? units : units.filter(({ seq, value }) => unfenced(d, seq, value))
  if (row.fenced && !held) d.covered.push('a zombie\'s batch was refused')
  if (late && !row.fenced && !held) d.covered.push('a late copy was refused')
  if (late && held) d.covered.push('a late copy took effect')
  if (held && state.refusing && units.some(({ value }) => value === 'rows')) {
    d.covered.push('a batch was refused for its contents')
    return 'refused'
  }
  if (held) {
    if (row.batch >= number) accuse(d, 'a batch takes effect at most once')
    row.batch = Math.max(row.batch, number)
    row.expired = false
  }
  for (const unit of counted) record(d, worker, unit)
  if (units.some(({ seq }) => seq === endOf(plan)) && held) d.covered.push('a run ended')
  return held ? 'held' : 'unheld'
}

function unfenced({ plan, defects }: Draft, seq: number, value: string): boolean {
  return (defects.has('fence-on-waits') && (value === 'signal' || value === 'timeout')) || (defects.has('fence-on-terminal') && seq === endOf(plan))
}

function record(d: Draft, worker: number, { run, seq, value }: Unit): void {
  const { state, plan, defects } = d
  const stored = state.runs[run]!
  const row = state.workers[worker]!
  if (row.fenced || (seq > 0 && stored.owner !== worker + 1 && stored.journal[endOf(plan)] === null)) accuse(d, 'nothing is recorded by a worker that lost its runs')
  if (stored.journal[endOf(plan)] !== null) return accuse(d, 'nothing is recorded after the end')
  if (stored.journal[seq] !== null) return accuse(d, 'one row for each operation')
  stored.journal[seq] = value
  if (seq === 0) {
    const id = plan.runs[run]!
    if (state.keys[id] !== null) d.covered.push('an id was taken')
    if (state.keys[id] !== null && !defects.has('start-without-key')) return
    state.keys[id] ??= run
    stored.owner = worker + 1
  }
  if (value === 'signal') {
    if (stored.signal !== 'open') accuse(d, 'a signal is consumed once')
    stored.signal = seq
    if (row.batch > 0 && worker > 0) d.covered.push('a signal was consumed after a take-over')
  }
  if (value === 'cancelled' && worker > 0) d.covered.push('a run was cancelled after a take-over')
  if (value === 'timeout' && stored.signal === 'open') d.covered.push('a time-out won against a signal')
  if (seq === endOf(plan)) stored.owner = null
}

/** A client apart from any worker: the run is nobody's until somebody takes it. */
export function startByClient({ state, plan }: Draft, run: number): boolean {
  const id = plan.runs[run]!
  if (state.keys[id] !== null) return false
  state.keys[id] = run
  state.runs[run]!.owner = 0
  state.runs[run]!.journal[0] = 'start'
  return true
}

/** Durable when it returns; false: the run has ended, or never began. */
export function post({ state, covered }: Draft, run: number, message: 'signal' | 'cancel'): boolean {
  const stored = state.runs[run]!
  if (stored.owner === null) return message === 'signal' && stored.signal !== 'none'
  if (stored.owner === -1) covered.push('a message made a parked run ready')
  if (stored.owner === -1) stored.owner = 0
  if (message === 'cancel') stored.cancel = true
  else if (stored.signal === 'none') stored.signal = 'open'
  else covered.push('a signal was sent twice')
  return true
}

/** `due`: the timers of parked runs may have run out. */
export function hasVacancies(state: State, worker: number, due: boolean): boolean {
  return (due && state.runs.some(({ owner }) => owner === -1)) || state.workers.some((row, w) => row !== null && w !== worker && !row.fenced && row.expired) || state.runs.some(({ owner }) => owner === 0)
}

/** Whether the taker's own row can be locked: who is about to fence it has to end first. */
export function mayBegin({ transactions }: State, worker: number, { defects }: Model): boolean {
  return defects.has('taker-unchecked') || !transactions.some(({ victims, kind }) => victims.includes(worker) && !(kind === 'join' && defects.has('join-does-not-wait')))
}

/** Fences the silent; rows that are locked are skipped, and so are takers in the middle of a take-over of their own. */
export function beginTake(d: Draft, worker: number, attached: boolean): boolean {
  const { state, defects } = d
  if (state.workers[worker]!.fenced && !defects.has('taker-unchecked')) {
    d.covered.push('a fenced taker was refused')
    return false
  }
  const victims = state.workers.flatMap((row, w) => {
    if (row === null || w === worker || row.fenced || !row.expired || isLocked(state, w)) return []
    const shared = state.transactions.some((other) => other.worker === w && other.kind !== 'join') && !defects.has('taker-unchecked')
    return shared ? [] : [w]
  })
  const early = defects.has('re-own-before-fence')
  const seen = early ? state.runs.flatMap(({ owner }, run) => (owner !== null && owner > 0 && victims.includes(owner - 1) ? [run] : [])) : null
  state.transactions.push({ kind: 'take', worker, run: -1, victims: early ? [] : victims, seen, attached })
  if (early) state.transactions.at(-1)!.seen!.push(...victims.map((victim) => -1 - victim))
  return true
}

/** null: it has to wait for a lock. Else the predecessors that it fences. */
export function predecessors({ workers, transactions }: State, worker: number, identity: string, { defects }: Model): number[] | null {
  const found = workers.flatMap((row, w) => (row !== null && w !== worker && row.identity === identity && !row.fenced ? [w] : []))
  const busy = found.some((w) => transactions.some((other) => other.victims.includes(w) || (other.worker === w && !defects.has('join-does-not-wait'))))
  return busy ? null : found
}

/** Locks the run's row, for a worker that is a living incarnation. */
export function beginPark({ state, defects }: Draft, worker: number, run: number, attached: boolean): boolean {
  if (state.workers[worker]!.fenced) return false
  const seen = defects.has('parking-looks-first') ? (isExpected(state, run) ? [] : [run]) : null
  state.transactions.push({ kind: 'park', worker, run, victims: [], seen, attached })
  return true
}

/** Something that the run waits for is there. */
function isExpected({ runs }: State, run: number): boolean {
  return runs[run]!.signal === 'open' || runs[run]!.cancel
}

/** Looks whether it still only waits, hands it to nobody, commits. */
function finishPark(d: Draft, { worker, run, seen }: Transaction): void {
  const stored = d.state.runs[run]!
  const parks = stored.owner === worker + 1 && (seen === null ? !isExpected(d.state, run) : seen.includes(run))
  d.covered.push(parks ? 'a run was parked' : 'a parking came too late')
  if (parks) stored.owner = -1
}

/** The last statements of a take-over or a join: re-owns what its victims have now, claims what nobody has, commits. */
export function finish(d: Draft, transaction: Transaction): void {
  const { state, plan } = d
  if (transaction.kind === 'park') {
    state.transactions.splice(state.transactions.indexOf(transaction), 1)
    return finishPark(d, transaction)
  }
  const { worker, kind, seen } = transaction
  const token = worker + 1
  const victims = seen === null ? transaction.victims : seen.filter((entry) => entry < 0).map((entry) => -1 - entry)
  state.transactions.splice(state.transactions.indexOf(transaction), 1)
  if (kind === 'join') state.workers[worker] = { identity: plan.workers[worker]!, batch: 0, fenced: false, heir: 0, expired: false }
  for (const victim of victims) Object.assign(state.workers[victim]!, { fenced: true, heir: token })
  state.runs.forEach((stored, run) => {
    const { owner } = stored
    if (owner === null) return
    const inherited = seen === null ? owner > 0 && state.workers[owner - 1]!.heir === token : seen.includes(run)
    if (inherited) d.covered.push(state.processes[owner - 1]?.life === 'alive' ? 'a living worker\'s run was taken over' : 'a dead worker\'s run was taken over')
    const due = owner === -1 && plan.timeouts
    if (inherited || ((owner === 0 || due) && kind === 'take')) stored.owner = token
  })
}
