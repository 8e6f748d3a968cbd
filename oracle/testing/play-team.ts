// The team of the scenario `children` as the world, the load and an engine would write it, to its end or until it is called off.
import type { TraceEntry } from '../../contract/logs.ts'
import type { LogBuilder } from './build-log.ts'

export interface TeamHooks {
  /** Called off while the first specialist's researchers read. */
  readonly cancelled?: boolean
  /** Happens between the acknowledgement of the cancel and the end. */
  readonly meanwhile?: (log: LogBuilder, id: string) => void
  /** What is taken back, in that order. */
  readonly returned?: readonly ('compute' | 'licence')[]
  /** Children whose end the journal lacks. */
  readonly unended?: readonly string[]
}

const cents = { licence: 300, compute: 200 } as const

/** Point scenario: children. Returns the trace of a run that went well. */
export function playTeam(log: LogBuilder, index: number, hooks: TeamHooks = {}): TraceEntry[] {
  const { cancelled = false, returned = ['compute', 'licence'] } = hooks
  const id = log.start(index)
  const licence = log.step(id, 1, 'buy-licence', [], 'worker0-1', cents.licence)
  const compute = log.step(id, 2, 'buy-compute', [licence], 'worker0-1', cents.compute)
  const plan = log.step(id, 3, 'plan', [compute])
  const begun: TraceEntry[] = [licence, compute, plan]
  if (cancelled) {
    const outline = log.step(`${id}/4`, 1, 'outline', [])
    const search = log.step(`${id}/4/2`, 1, 'search', [])
    log.cancel(id)
    hooks.meanwhile?.(log, id)
    journal(log, hooks, `${id}/4/2`, [search])
    journal(log, hooks, `${id}/4`, [outline])
    // The cancel came at the batch of seq 4 and 5; what takes back comes after it.
    let last: number | null = null
    const paid = returned.map((what, i): TraceEntry => (last = log.step(id, 6 + i, `return-${what}`, last === null ? [plan] : [last], 'worker0-1', -cents[what])))
    const own = [...begun, ...paid].filter((entry) => typeof entry === 'number')
    log.journal.push({ workflowId: id, kind: 'start', seq: 0 })
    own.forEach((nonce, i) => log.journal.push({ workflowId: id, kind: 'step', seq: i < 3 ? i + 1 : i + 3, nonce }))
    log.journal.push({ workflowId: id, kind: 'end', seq: -1 })
    for (const reader of ['live', 'reread']) log.told(id, { status: 'cancelled' }, reader)
    return begun
  }
  const specialists = [4, 5].map((seq) => specialist(log, hooks, `${id}/${seq}`))
  const report = log.step(id, 6, 'report', specialists.map((child) => `child:${child}`))
  const trace: TraceEntry[] = [...begun, ...specialists.map((child) => ({ child })), report]
  log.record(id, trace)
  for (const reader of ['live', 'reread']) log.seen(id, { keptCents: cents.licence + cents.compute, findings: 2 }, trace, reader)
  return trace
}

function specialist(log: LogBuilder, hooks: TeamHooks, id: string): string {
  const outline = log.step(id, 1, 'outline', [])
  const researchers = [2, 3].map((seq) => {
    const child = `${id}/${seq}`
    const search = log.step(child, 1, 'search', [])
    const note = log.after(200).step(child, 3, 'note', [search])
    journal(log, hooks, child, [search, { timer: 200 }, note])
    return child
  })
  const review = log.step(id, 4, 'review', researchers.map((child) => `child:${child}`))
  journal(log, hooks, id, [outline, ...researchers.map((child) => ({ child })), review])
  return id
}

function journal(log: LogBuilder, { unended = [] }: TeamHooks, id: string, trace: readonly TraceEntry[]): void {
  log.record(id, trace)
  if (unended.includes(id)) log.journal.pop()
}
