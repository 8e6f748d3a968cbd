// Everything that can happen in a state. `urgent` marks what will happen if only everyone goes on: where nothing urgent is left,
// nobody may be stuck. The rest are accidents and clients, of which the plan has a limited number.
import type { Offer, Transition } from './events.ts'
import { lateRequest, succession } from './ownership.ts'
import { copyOf, type State } from './state.ts'
import { applyBatch, finish, isLocked, post, startByClient, type Draft, type Model } from './store.ts'
import { acknowledge, begin, deliver, endWait, receive } from './worker.ts'

export function transitions(state: State, model: Model): Transition[] {
  const found: Transition[] = []
  const offer: Offer = (label, act, urgent) => {
    const d: Draft = { ...model, state: copyOf(state), covered: [] }
    const event = act(d) ?? null
    found.push({ label, urgent: urgent !== undefined, next: d.state, covered: d.covered, event })
  }
  clients(state, model, offer)
  state.processes.forEach((_, worker) => {
    pumping(state, worker, offer, model)
    bodies(state, model, worker, offer)
    succession(state, model, worker, offer)
  })
  state.transactions.forEach((transaction, i) => {
    const { kind, worker } = transaction
    offer(`the ${kind} of worker ${worker} commits`, (d) => {
      finish(d, d.state.transactions[i]!)
      const process = d.state.processes[worker]!
      if (transaction.attached && (process.life === 'alive' || kind === 'join')) Object.assign(process, { life: 'alive', unsure: true })
      return kind === 'park' ? { what: kind, worker, run: transaction.run } : { what: kind, worker }
    }, 'urgent')
  })
  state.late.forEach((late, i) => lateRequest(state, model, late, i, offer))
  return found
}

function clients({ left, runs, refusing, transactions, processes }: State, { plan, defects }: Model, offer: Offer): void {
  for (const start of left.starts) {
    const { by, run } = plan.starts[start]!
    offer(`${by === 'client' ? 'a client' : `worker ${by}`} starts run ${run}`, (d) => {
      d.state.left.starts = left.starts.filter((other) => other !== start)
      if (by === 'client') return { what: 'start', run, done: startByClient(d, run) }
      if (d.state.processes[by]!.life === 'alive') begin(d, by, run)
    })
  }
  for (const message of ['signal', 'cancel'] as const) {
    if (left[`${message}s`] === 0) continue
    runs.forEach(({ owner, signal }, run) => {
      if (owner === null || (transactions.some((open) => open.run === run) && !defects.has('parking-looks-first'))) return
      const echo = plan.echoes && message === 'signal' && signal === 'none' && owner > 0 && processes[owner - 1]!.life === 'alive'
      offer(`a client sends a ${message} to run ${run}${echo ? `, through worker ${owner - 1}` : ''}`, (d) => {
        d.state.left[`${message}s`]--
        if (echo) d.state.echoes.push({ worker: owner - 1, run })
        return { what: message, run, done: post(d, run, message) }
      })
    })
  }
  if (refusing) offer('the store would no longer refuse the statement', (d) => {
    d.state.refusing = false
    return { what: 'relent', worker: 0 }
  })
}

function pumping(state: State, worker: number, offer: Offer, { defects }: Model): void {
  const { pump, life } = state.processes[worker]!
  const { net, flight, number, burning } = pump
  if (net === 'idle' || life !== 'alive') return
  const units = burning ? [] : flight!
  const what = `batch ${number + 1} of worker ${worker} (${units.map(({ run, seq, value }) => `${run}/${seq} ${value}`).join(', ')})`
  if (net === 'request' && !isLocked(state, worker)) {
    offer(`${what} reaches the store`, (d) => {
      const answer = (d.state.processes[worker]!.pump.net = applyBatch(d, worker, number + 1, units, false))
      return { what: 'batch', worker, number: number + 1, units, late: false, answer }
    }, 'urgent')
  }
  if (net !== 'request') offer(`worker ${worker} reads: ${net}`, (d) => receive(d, worker), 'urgent')
  if (state.left.cuts === 0) return
  offer(net === 'request' ? `the connection is lost with ${what} on it` : `the connection is lost with the answer '${net}' to worker ${worker}`, (d) => {
    const mine = d.state.processes[worker]!.pump
    d.state.left.cuts--
    if (net === 'request') d.state.late.push({ kind: 'batch', worker, number: number + 1, units })
    Object.assign(mine, { net: 'request', doubt: true })
    d.covered.push('an answer was lost')
    if (defects.has('ambiguity-as-lost')) mine.number = d.state.workers[worker]!.batch
    if (defects.has('ambiguity-as-done')) acknowledge(d, worker, flight!)
  })
}

function bodies(state: State, { plan }: Model, worker: number, offer: Offer): void {
  state.processes[worker]!.bodies.forEach((body, run) => {
    const { owner, signal, cancel } = state.runs[run]!
    if (body === null) return
    const mine = owner === worker + 1
    if (mine && cancel && !body.cancelled) offer(`worker ${worker} finds the cancel of run ${run}`, (d) => deliver(d, worker, run, 'cancel'), 'urgent')
    if (mine && signal === 'open' && !body.seen) offer(`worker ${worker} finds the signal of run ${run}`, (d) => deliver(d, worker, run, 'signal'), 'urgent')
    if (state.echoes.some((echo) => echo.worker === worker && echo.run === run)) offer(`worker ${worker} delivers its own signal to run ${run}`, (d) => {
      d.state.echoes = d.state.echoes.filter((echo) => echo.worker !== worker || echo.run !== run)
      if (!body.seen) deliver(d, worker, run, 'signal')
    })
    if (plan.timeouts && body.waiting) offer(`the wait of run ${run} in worker ${worker} times out`, (d) => endWait(d, worker, run, 'timeout'))
  })
}
