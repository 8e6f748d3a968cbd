// What can happen to who owns what: leases run out, workers die and are succeeded, take over, park, compare; and requests that
// lost their connection arrive.
import type { Offer } from './events.ts'
import type { Late, State } from './state.ts'
import { applyBatch, beginPark, beginTake, hasVacancies, isLocked, mayBegin, predecessors, type Draft, type Model } from './store.ts'
import { adopt, lose } from './worker.ts'

export function succession(state: State, model: Model, worker: number, offer: Offer): void {
  const { life, pump } = state.processes[worker]!
  const row = state.workers[worker] ?? null
  if (row !== null && !row.fenced && !row.expired && (life === 'crashed' || (life === 'alive' && state.left.pauses > 0))) {
    offer(`the lease of worker ${worker} runs out`, (d) => {
      d.state.workers[worker]!.expired = true
      if (life === 'alive') d.state.left.pauses--
      return { what: 'expire', worker }
    }, life === 'crashed' ? 'urgent' : undefined)
  }
  if (life === 'alive') watching(state, model, worker, offer)
  if (life === 'alive' && state.left.crashes > 0) {
    offer(`worker ${worker} is killed`, (d) => {
      d.state.left.crashes--
      if (pump.net === 'request') d.state.late.push({ kind: 'batch', worker, number: pump.number + 1, units: pump.burning ? [] : pump.flight! })
      for (const open of d.state.transactions) if (open.worker === worker) open.attached = false
      lose(d, worker, 'crashed')
    })
  }
  if (life === 'absent') join(state, model, worker, offer)
}

/** Changes of ownership, one after the other: each carries a number, and a later one shuts out the earlier. */
function watching(state: State, model: Model, worker: number, offer: Offer): void {
  const { bodies, unsure } = state.processes[worker]!
  const numbered = (kind: string): boolean => !model.defects.has(kind === 'park' ? 'park-unnumbered' : 'take-unnumbered')
  if (state.transactions.some((open) => open.worker === worker && (open.attached || numbered(open.kind)))) return
  const shutOut = (d: Draft): void => {
    d.state.late = d.state.late.map((late) => (late.kind !== 'batch' && late.worker === worker && numbered(late.kind) ? { ...late, over: true } : late))
  }
  const cut = (d: Draft, kind: 'take' | 'park', run: number): void => {
    d.state.left.cuts--
    d.state.late.push({ kind, worker, run, over: false })
    d.state.processes[worker]!.unsure = true
  }
  if (hasVacancies(state, worker, false) || hasVacancies(state, worker, model.plan.timeouts)) {
    const urgent = hasVacancies(state, worker, false) ? 'urgent' : undefined
    if (mayBegin(state, worker, model)) offer(`worker ${worker} begins a take-over`, (d) => {
      shutOut(d)
      if (beginTake(d, worker, true)) return null
      lose(d, worker, 'lost')
      return { what: 'take refused', worker }
    }, urgent)
    if (state.left.cuts > 0) offer(`the connection is lost with a take-over of worker ${worker} on it`, (d) => cut(d, 'take', -1))
  }
  bodies.forEach((body, run) => {
    if (body?.waiting !== true || !model.plan.parking) return
    if (mayBegin(state, worker, model)) offer(`worker ${worker} drops run ${run} and begins to park it`, (d) => {
      shutOut(d)
      d.state.processes[worker]!.bodies[run] = null
      if (!beginPark(d, worker, run, true)) lose(d, worker, 'lost')
    })
    if (state.left.cuts > 0) offer(`worker ${worker} drops run ${run}, and the connection is lost with its parking on it`, (d) => {
      d.state.processes[worker]!.bodies[run] = null
      cut(d, 'park', run)
    })
  })
  if (!unsure) return
  const found = state.runs.flatMap(({ owner }, run) => (owner === worker + 1 && bodies[run] === null ? [run] : []))
  offer(`worker ${worker} compares, and adopts ${found.length === 0 ? 'nothing' : `run ${found.join(', ')}`}`, (d) => {
    shutOut(d)
    d.state.processes[worker]!.unsure = false
    for (const run of found) adopt(d, worker, run)
    return { what: 'adopt', worker, runs: found }
  }, 'urgent')
}

function join(state: State, model: Model, worker: number, offer: Offer): void {
  const victims = state.transactions.some((open) => open.worker === worker) ? null : predecessors(state, worker, model.plan.workers[worker]!, model)
  if (victims === null) return
  offer(`worker ${worker} begins to succeed ${victims.join(', ')}`, (d) => {
    d.state.transactions.push({ kind: 'join', worker, run: -1, victims, seen: null, attached: true })
  })
}

export function lateRequest(state: State, model: Model, late: Late, i: number, offer: Offer): void {
  const { worker } = late
  if (late.kind === 'batch' && !isLocked(state, worker)) {
    const { number, units } = late
    offer(`the lost copy of batch ${number} of worker ${worker} reaches the store`, (d) => {
      d.state.late.splice(i, 1)
      return { what: 'batch', worker, number, units, late: true, answer: applyBatch(d, worker, number, units, true) }
    })
  }
  if (late.kind !== 'batch' && mayBegin(state, worker, model) && !(late.kind === 'park' && state.transactions.some((open) => open.run === late.run))) {
    offer(`the lost ${late.kind === 'take' ? 'take-over' : 'parking'} of worker ${worker} reaches the store`, (d) => {
      d.state.late.splice(i, 1)
      d.covered.push(late.over ? 'a late change of ownership was refused' : 'a late change of ownership took effect')
      if (late.over) return
      if (late.kind === 'take') beginTake(d, worker, false)
      else beginPark(d, worker, late.run, false)
    })
  }
}
