// Legal logs, made by playing runs: a purchase as the world, the load and an engine would write it, and runs of bare steps.
// Tests then break them. Time goes forward by hand; numbers and ends are filled in last.
import type { PointContext } from '../../contract/context.ts'
import type { FaultLine, HistoryLine, JournalEntry, LedgerLine, Token, TraceEntry } from '../../contract/logs.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { random } from '../../contract/random.ts'
import { scenarios } from '../../scenarios/index.ts'
import { builtContext } from './context.ts'
import { firstStepOf } from '../first-step.ts'
import { renumbered, type BareRecord, type Logs } from '../logs.ts'

/** A line without its number and time. */
type Content<L> = L extends unknown ? Omit<L, 'n' | 't'> : never

export class LogBuilder {
  /** The clock of the host, in ms. */
  ms = 1_000
  readonly context: PointContext
  readonly history: HistoryLine[] = []
  readonly world: LedgerLine[] = []
  readonly faults: FaultLine[] = []
  readonly journal: JournalEntry[] = []
  readonly bare = new Map<string, BareRecord[]>()
  readonly #ordinals = new Map<string, number>()
  readonly #bareNonces = new Map<string, number>()
  /** By attempt. */
  readonly #effects = new Map<string, string>()
  #nonce = 0

  constructor(context: Partial<PointContext['point']> = {}, promises: Partial<PointContext['driver']['promises']> = {}) {
    this.context = builtContext(context, promises)
    for (const [slot, incarnation] of ['worker0-1', 'worker1-2'].entries()) this.worker('spawned', slot, incarnation)
  }

  /** Lets time pass. */
  after(ms: number): this {
    this.ms += ms
    return this
  }

  h(line: Content<HistoryLine>): number {
    const n = this.history.length + 1
    this.history.push({ n, t: ++this.ms, ...line })
    return n
  }

  w(line: Content<LedgerLine>): LedgerLine {
    const written = { n: this.world.length + 1, t: ++this.ms, ...line } as LedgerLine
    this.world.push(written)
    return written
  }

  f(line: Content<FaultLine>): void {
    this.faults.push({ n: this.faults.length + 1, t: ++this.ms, ...line })
  }

  worker(k: 'spawned', slot: number, incarnation: string): void {
    this.f({ k, role: 'worker', slot, incarnation, pid: 1 })
    this.f({ k: 'ready', role: 'worker', slot, incarnation, pid: 1 })
  }

  /** kill -9 of a worker, and a replacement. */
  kill(fault: string, slot: number, incarnation: string, replacement: string): void {
    const about = { k: 'fault', fault, kind: 'kill', role: 'worker', slot, incarnation } as const
    this.f({ ...about, phase: 'applied' })
    this.f({ k: 'exited', role: 'worker', slot, incarnation, code: null, signal: 'SIGKILL', expected: true })
    this.f({ ...about, phase: 'proved' })
    this.after(200).worker('spawned', slot, replacement)
    this.f({ ...about, phase: 'healed' })
  }

  pause(fault: string, slot: number, incarnation: string, phase: 'applied' | 'healed'): void {
    this.f({ k: 'fault', fault, kind: 'pause', role: 'worker', slot, incarnation, phase })
  }

  /** It got no turn for so long, up to now. */
  standstill(incarnation: string, ms: number): void {
    const fromMs = this.ms
    this.f({ k: 'stood-still', incarnation, fromMs, untilMs: this.after(ms).ms })
  }

  start(index: number, answer: 'ok' | 'fail' | 'info' = 'ok'): string {
    const id = `r-${index}`
    const call = this.h({ ph: 'invoke', op: 'start', id, scenario: this.context.point.scenario, input: null, app: 0, intended: this.ms, phase: 'all' })
    if (answer === 'ok') this.h({ ph: 'ok', call, op: 'start', id, how: 'started' })
    else this.h({ ph: answer, call, op: 'start', id, error: 'said so' })
    return id
  }

  signal(id: string, name: string, answer: 'ok' | 'fail' | 'info' = 'ok', signalId = `${id}/${name}`): string {
    const call = this.h({ ph: 'invoke', op: 'signal', id, signalId, name, app: 0 })
    if (answer === 'ok') this.h({ ph: 'ok', call, op: 'signal', id })
    else this.h({ ph: answer, call, op: 'signal', id, error: 'said so' })
    return signalId
  }

  cancel(id: string, answer: 'ok' | 'fail' | 'info' = 'ok'): void {
    const call = this.h({ ph: 'invoke', op: 'cancel', id, app: 0 })
    if (answer === 'ok') this.h({ ph: 'ok', call, op: 'cancel', id })
    else this.h({ ph: answer, call, op: 'cancel', id, error: 'said so' })
  }

  /** Begins an attempt; finish it with applied and replied. */
  attempt(wf: string, seq: number, step: string, prev: readonly Token[], source = 'worker0-1'): string {
    const ordinal = (this.#ordinals.get(`${wf}/${seq}`) ?? 0) + 1
    this.#ordinals.set(`${wf}/${seq}`, ordinal)
    const a = `${wf}/${seq}#${ordinal}`
    const key = scenarios.get(this.context.point.scenario)?.steps[step]?.effect === 'keyed' ? `${wf}/${seq}` : null
    this.#effects.set(a, `effect_${key ?? a}`)
    this.w({ k: 'attempt', a, src: source, wf, seq, step, key, ih: this.#inputHash(wf, seq), prev })
    return a
  }

  /** Only what a run begins with is looked at. */
  #inputHash(wf: string, seq: number): number {
    const { point: { scenario: name, params }, seed } = this.context
    const scenario = scenarios.get(name)
    const first = seq === 1 && !wf.includes('/') && scenario !== undefined ? firstStepOf(scenario.workflow, scenario.input(seed, Number(wf.slice(2)), params), wf) : null
    return first?.inputHashes[0] ?? 7
  }

  applied(a: string, cents?: number): void {
    this.w({ k: 'applied', a, effect: this.#effects.get(a)!, ...(cents === undefined ? {} : { cents }) })
  }

  /** Answers with a new nonce. */
  replied(a: string): number {
    this.w({ k: 'replied', a, status: 200, nonce: ++this.#nonce, effect: this.#effects.get(a)! })
    return this.#nonce
  }

  /** A whole step that goes well: its nonce. */
  step(wf: string, seq: number, step: string, prev: readonly Token[], source?: string, cents?: number): number {
    const a = this.attempt(wf, seq, step, prev, source)
    this.after(5).applied(a, cents)
    return this.replied(a)
  }

  /** A record of a bare step, in a tick of its own: its nonce. */
  bareStep(wf: string, seq: number, prev: number, source = 'worker0-1'): number {
    const records = this.bare.get(source) ?? []
    this.bare.set(source, records)
    const nonce = this.#bareNonces.get(source) ?? Number(source.split('-')[1]) * 2 ** 40
    this.#bareNonces.set(source, nonce + 1)
    records.push({ n: records.length + 1, kind: 'tick', t: ++this.ms })
    records.push({ n: records.length + 1, kind: 'step', workflow: Number(wf.split('-')[1]), seq, nonce, prev })
    return nonce
  }

  seen(id: string, value: Json, trace: readonly TraceEntry[], reader = 'live'): void {
    this.told(id, { status: 'completed', output: { value, trace } as unknown as Json }, reader)
  }

  told(id: string, outcome: Outcome, reader = 'live'): void {
    this.h({ ph: 'seen', id, reader, outcome })
  }

  /** What an engine's journal says of a run with that trace. */
  record(wf: string, trace: readonly TraceEntry[]): void {
    this.journal.push({ workflowId: wf, kind: 'start', seq: 0 })
    trace.forEach((entry, i) => {
      const at = { workflowId: wf, seq: i + 1 }
      if (typeof entry === 'number') this.journal.push({ ...at, kind: 'step', nonce: entry })
      else if ('wait' in entry) this.journal.push({ ...at, kind: 'signal', ...(entry.signalId === null ? {} : { signalId: entry.signalId }) })
      else if ('timer' in entry) this.journal.push({ ...at, kind: 'timer' })
      else if ('child' in entry) this.journal.push({ ...at, kind: 'child' })
    })
    this.journal.push({ workflowId: wf, kind: 'end', seq: -1 })
  }

  build(): Logs {
    this.h({ ph: 'end', lines: 0 })
    const count = (k: LedgerLine['k']): number => this.world.filter((line) => line.k === k).length
    this.w({ k: 'end', lines: 0, counts: { attempt: count('attempt'), applied: count('applied'), replied: count('replied') } })
    for (const [slot, incarnation] of ['worker0', 'worker1'].entries()) {
      const living = this.faults.findLast((line) => line.k === 'spawned' && line.slot === slot)
      this.f({ k: 'exited', role: 'worker', slot, incarnation: living?.k === 'spawned' ? living.incarnation : incarnation, code: 0, signal: null, expected: true })
    }
    this.f({ k: 'end', lines: 0 })
    const killed = new Set(this.faults.flatMap((line) => (line.k === 'exited' && line.signal !== null ? [line.incarnation] : [])))
    return {
      context: this.context,
      history: renumbered(this.history), world: renumbered(this.world), faults: renumbered(this.faults), journal: this.journal,
      bare: [...this.bare].map(([source, records]) => ({
        source, records: renumbered(killed.has(source) ? records : [...records, { n: 0, kind: 'end' as const, count: 0 }]),
      })),
    }
  }
}

/** Plays a purchase; `hooks` may disturb it. Returns its trace. */
export function playPurchase(log: LogBuilder, index: number, hooks: PurchaseHooks = {}): TraceEntry[] {
  const { early = index % 3 === 0, answered = index % 4 !== 3, source = 'worker0-1', finisher = source, readers = ['live', 'reread'] } = hooks
  const cents = 100 + random(1, `cents/${index}`).below(900)
  const id = log.start(index)
  const plan = log.step(id, 1, 'plan', [], source)
  const signalId = answered && early ? log.signal(id, 'approval') : null
  const charge = hooks.charge?.(log, id, [plan], cents) ?? log.step(id, 2, 'charge', [plan], source, cents)
  const receipt = log.step(id, 3, 'receipt', [charge], finisher)
  log.after(50)
  const late = answered && !early ? log.after(50).signal(id, 'approval') : null
  hooks.waiting?.(log)
  if (!answered) log.after(3_005)
  const arrived = signalId ?? late
  const prev: Token[] = arrived === null ? [receipt] : [receipt, `signal:${arrived}`]
  const summary = log.step(id, 5, 'summarise', prev, finisher)
  const last = answered ? log.step(id, 6, 'ship', [summary], finisher) : log.step(id, 6, 'refund', [summary], finisher, -cents)
  const trace: TraceEntry[] = [plan, charge, receipt, { wait: 'approval', signalId: arrived, timeoutMs: 3_000 }, summary, last]
  log.record(id, trace)
  for (const reader of readers) log.seen(id, { decision: answered ? 'approved' : 'timeout', keptCents: answered ? cents : 0, reference: 'x' }, trace, reader)
  return trace
}

export interface PurchaseHooks {
  readonly early?: boolean
  readonly answered?: boolean
  /** Attempts steps 1 and 2. */
  readonly source?: string
  /** Attempts the later steps. */
  readonly finisher?: string
  readonly readers?: readonly string[]
  /** Plays step 2 instead; its nonce. */
  readonly charge?: (log: LogBuilder, id: string, prev: readonly Token[], cents: number) => number
  readonly waiting?: (log: LogBuilder) => void
}

/** Plays a run of bare steps. */
export function playBare(log: LogBuilder, index: number, { steps = 5, source = 'worker0-1', readers = ['drain', 'reread'] }: { steps?: number; source?: string; readers?: readonly string[] } = {}): TraceEntry[] {
  const id = log.start(index)
  const trace: number[] = []
  for (let seq = 1; seq <= steps; seq++) trace.push(log.bareStep(id, seq, trace.at(-1) ?? 0, source))
  log.record(id, trace)
  for (const reader of readers) log.seen(id, steps, trace, reader)
  return trace
}
