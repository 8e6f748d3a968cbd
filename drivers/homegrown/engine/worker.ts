// A worker: runs in memory, a pump that records them, and a watch that looks for what others did. Fenced, it stops for good:
// its bodies wait for ever on records that never come, and the process that holds them should end. Coming back under a new
// token in the same process would be as strict about records, but old bodies could go on calling the world beside new ones.
import { isNamed, Rejected } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { Endings } from './endings.ts'
import { Ids } from './ids.ts'
import { decodeOutcome, readOutcomes } from './journal.ts'
import { connectLinks, type Links } from './links.ts'
import { createPost, type Delivery, type Sending } from './messages.ts'
import { PostgresStore } from './postgres.ts'
import { Pump } from './pump.ts'
import { Diverged, Run, type Owner } from './run.ts'
import { honest, type Seams } from './seams.ts'
import type { Store } from './store.ts'
import { join, leave, type Succession } from './succession.ts'
import type { Client, Outcome, WorkerOptions } from './types.ts'
import { endSeq, kind, maxDataChars, type Kind } from './unit.ts'
import { Watch } from './watch.ts'
import { checkId } from './client.ts'

const never = new Promise<never>(() => undefined)
const loadAtOnce = 500

export class Worker implements Client, Owner {
  readonly #o: WorkerOptions
  readonly #seams: Seams
  readonly #links: Links
  readonly #succession: Succession
  readonly #token: number
  readonly #store: Store
  readonly #pump: Pump
  readonly #watch: Watch
  readonly #ids: Ids
  readonly #endings: Endings
  readonly #post: (sending: Sending) => Promise<void>
  readonly #runs = new Map<number, Run>()
  /** Local runs by id, once their start is durable, with who waits for their end. */
  readonly #byId = new Map<string, ((outcome: Outcome) => void)[]>()
  #executing = 0
  #state: 'running' | 'draining' | 'over' = 'running'

  /** Joins, takes what its identity left behind and what has expired, and begins to work. */
  static async open(options: WorkerOptions, seams: Partial<Seams> = {}): Promise<Worker> {
    const links = await connectLinks(options)
    const chosen = { ...honest, ...seams }
    const succession: Succession = { link: links.watcher, schema: options.schema, leaseMs: options.leaseMs, guards: chosen.guards }
    try {
      const worker = new Worker(options, chosen, links, succession, await join(succession, options.incarnation, options.identity))
      await Promise.all([worker.#ids.warm(), worker.#watch.begin()])
      return worker
    } catch (error) {
      await links.close()
      throw error
    }
  }

  private constructor(options: WorkerOptions, chosen: Seams, links: Links, succession: Succession, token: number) {
    const { schema, leaseMs } = options
    this.#o = options
    this.#seams = chosen
    this.#links = links
    this.#succession = succession
    this.#token = token
    this.#store = chosen.decorateStore(new PostgresStore({ schema, worker: token, leaseMs, guards: chosen.guards, writer: links.writer, reader: links.reader }))
    this.#pump = new Pump(this.#store, leaseMs, (why) => this.#lose(why))
    this.#ids = new Ids(links.reader, schema)
    this.#endings = new Endings(links.reader, schema)
    this.#post = createPost(links.reader, schema, (delivery) => this.#posted(delivery))
    this.#watch = new Watch(succession, token, options.pollMs, {
      has: (wf) => this.#runs.has(wf),
      adopt: (found) => this.#adopt(found),
      deliver: (wf, message) => this.#runs.get(wf)?.deliver(message),
      turn: () => this.#endings.poll(),
      lost: (why) => this.#lose(why),
      log: (line) => this.#o.log?.(line),
    })
    links.onHint(() => this.#watch.hurry())
  }

  // For clients ---------------------------------------------------------------------------------------------------------

  async start(workflow: string, id: string, input: Json): Promise<'started' | 'existing'> {
    if (this.#state !== 'running') throw new Rejected(`this worker is stopping; '${id}' was not started`)
    return this.#begin(workflow, id, input)
  }

  outcome(id: string, abort?: AbortSignal): Promise<Outcome> {
    const waiting = this.#byId.get(id)
    return waiting === undefined ? this.#endings.outcome(id, abort) : new Promise((resolve) => waiting.push(resolve))
  }

  outcomes(ids: readonly string[]): Promise<Map<string, Outcome>> {
    return readOutcomes(this.#links.reader, this.#o.schema, ids)
  }

  async signal(run: string, name: string, payload: Json, signalId: string): Promise<void> {
    checkId('signal id', signalId)
    checkId('signal name', name)
    await this.#post({ run: checkId('run id', run), id: signalId, name, payload: JSON.stringify(payload) })
  }

  async cancel(run: string): Promise<void> {
    await this.#post({ run: checkId('run id', run), id: '', name: '', payload: '' })
  }

  /** Lets bodies in flight end and records what they came to, then hands everything over. */
  async close(graceMs: number): Promise<void> {
    if (this.#state === 'over') return
    this.#state = 'draining'
    const until = performance.now() + graceMs
    while (this.#executing > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10))
    // The second flush is for ends that follow from what the first acknowledged.
    await within(Math.max(500, until - performance.now()), this.#pump.beat().then(() => this.#pump.beat()))
    await within(500, this.#halt())
    await within(1_000, leave(this.#succession, this.#token).then(() => this.#links.hint()))
    await this.#links.close()
  }

  // For runs --------------------------------------------------------------------------------------------------------------

  readonly record: Owner['record'] = (unit) => this.#pump.record(unit)

  admit(): Promise<void> | null {
    if (this.#state !== 'running') return never
    if (this.#pump.doubtful) {
      return this.#pump.beat().then(() => {
        if (this.#state !== 'running') return never
        this.#executing++
      })
    }
    this.#executing++
    return null
  }

  left(): void {
    this.#executing--
  }

  startChild(workflow: string, id: string, input: Json): Promise<unknown> {
    return this.#state === 'running' ? this.#begin(workflow, id, input) : never
  }

  async cancelChild(id: string): Promise<void> {
    try {
      await this.cancel(id)
    } catch (error) {
      if (!isNamed(error, 'Rejected')) throw error // it ended, or never began
    }
  }

  // ------------------------------------------------------------------------------------------------------------------------

  async #begin(workflow: string, id: string, input: Json): Promise<'started' | 'existing'> {
    checkId('run id', id)
    if (!this.#o.workflows.has(workflow)) throw new Rejected(`no workflow '${workflow}'; known: ${[...this.#o.workflows.keys()].join(', ')}`)
    if (this.#byId.has(id)) return 'existing'
    const data = JSON.stringify(input)
    if (data.length > maxDataChars) throw new Rejected(`an input of at most ${maxDataChars} characters can be recorded, found ${data.length}`)
    const next = this.#ids.next()
    const wf = typeof next === 'number' ? next : await next
    const run = new Run(this, wf, id, workflow, this.#seams.createMailbox(), null, null)
    // Known before it is durable: a signal may be found by the poll before the acknowledgement is read.
    this.#runs.set(wf, run)
    try {
      if ((await run.record(0, kind.start, workflow, data, { key: id })) === 'existing') {
        this.#runs.delete(wf)
        return 'existing'
      }
    } catch (error) {
      this.#runs.delete(wf)
      throw new Rejected(`the store refused the start of '${id}': ${(error as Error).message}`)
    }
    void this.#play(run, input)
    return 'started'
  }

  async #play(run: Run, input: Json): Promise<void> {
    this.#byId.set(run.id, this.#byId.get(run.id) ?? [])
    let last: [Kind, string]
    try {
      last = [kind.completed, JSON.stringify((await this.#o.workflows.get(run.workflow)!(run, input)) ?? null)]
    } catch (error) {
      if (error instanceof Diverged) return this.#o.log?.(error.message)
      last = ending(run, error)
    }
    try {
      await run.end(endSeq, ...last).catch((error: unknown) => {
        last = [kind.failed, JSON.stringify({ code: 'unrecordable', message: `the end could not be recorded: ${(error as Error).message}` })]
        return run.end(endSeq, ...last)
      })
    } catch (error) {
      return this.#o.log?.(`run ${run.id} is left as it is, for the store refuses any end of it: ${(error as Error).message}`)
    }
    const outcome = decodeOutcome(...last)
    const waiting = this.#byId.get(run.id)!
    this.#runs.delete(run.wf)
    this.#byId.delete(run.id)
    for (const tell of waiting) tell(outcome)
  }

  async #adopt(found: readonly { wf: number; id: string }[]): Promise<void> {
    for (let i = 0; i < found.length && this.#state === 'running'; i += loadAtOnce) {
      const ids = new Map(found.slice(i, i + loadAtOnce).map(({ wf, id }) => [wf, id]))
      for (const { wf, workflow, input, rows, messages, leftMs } of await this.#store.load([...ids.keys()])) {
        const run = new Run(this, wf, ids.get(wf)!, workflow, this.#seams.createMailbox(), rows, leftMs)
        this.#runs.set(wf, run)
        for (const message of messages) run.deliver(message)
        if (this.#o.workflows.has(workflow)) void this.#play(run, input)
        else this.#o.log?.(`run ${run.id} needs workflow '${workflow}', which this worker does not have; it waits for one that does`)
      }
    }
  }

  #posted({ wf, owner, message }: Delivery): void {
    if (owner === this.#token) this.#runs.get(wf)?.deliver(message)
    else this.#links.hint()
  }

  #lose(why: string): void {
    if (this.#state === 'over') return
    void this.#halt()
    this.#o.onLost(why)
  }

  #halt(): Promise<void> {
    this.#state = 'over'
    this.#watch.stop()
    return this.#pump.stop()
  }
}

function ending(run: Run, error: unknown): [Kind, string] {
  if (isNamed(error, 'Cancelled') && run.cancelled) return [kind.cancelled, 'null']
  const { name, message, code } = (error instanceof Error ? error : new Error(String(error))) as Error & { code?: string }
  return [kind.failed, JSON.stringify({ code: isNamed(error, 'StepFailed') ? code : name, message })]
}

/** The store may be gone while we leave; then others wait for the lease instead. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work.catch(() => undefined), new Promise((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
