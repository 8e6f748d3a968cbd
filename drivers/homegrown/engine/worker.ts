// A worker: runs in memory, a pump that records them, and a watch that looks for what others did. Fenced, it stops for good:
// its bodies wait for ever on records that never come, and the process that holds them should end. Coming back under a new
// token in the same process would be as strict about records, but old bodies could go on calling the world beside new ones.
import { isNamed, Rejected } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { checkId } from './client.ts'
import { Endings, type Asker } from './endings.ts'
import { Ids } from './ids.ts'
import { readOutcomes } from './journal.ts'
import { connectLinks, type Links } from './links.ts'
import { createPost, readInbox, type Delivery, type Sending } from './messages.ts'
import { Parking } from './parking.ts'
import { PostgresStore } from './postgres.ts'
import { Pump } from './pump.ts'
import type { Owner, RunState } from './run-state.ts'
import { Running } from './running.ts'
import { honest, type Seams } from './seams.ts'
import { join, leave, type Succession } from './succession.ts'
import type { Client, Outcome, StartOptions, WorkerOptions } from './types.ts'
import { Trials } from './suspects.ts'
import { Turns } from './transaction.ts'
import { shelve } from './unowned.ts'
import { Watch } from './watch.ts'

const never = new Promise<never>(() => undefined)
const defaultParkAfterMs = 10_000

export class Worker implements Client, Owner {
  readonly #o: WorkerOptions
  readonly #links: Links
  readonly #succession: Succession
  readonly #turns: Turns
  readonly #pump: Pump
  readonly #watch: Watch
  readonly #ids: Ids
  readonly #endings: Endings
  readonly #post: (sending: Sending) => Promise<void>
  readonly #running: Running
  readonly #parking: Parking
  #executing = 0
  #state: 'running' | 'draining' | 'over' = 'running'

  /** Joins, takes what its identity left behind and what has expired, and begins to work. */
  static async open(options: WorkerOptions, seams: Partial<Seams> = {}): Promise<Worker> {
    const versions = [options.version ?? '', ...(options.continues ?? [])].filter((version) => version !== '')
    for (const version of versions) if (!/^[\w.+-]{1,60}$/.test(version)) throw new Error(`expected a version of 1 to 60 letters, digits and . _ + -, found '${version}'`)
    const links = await connectLinks(options)
    const chosen = { ...honest, ...seams }
    const succession: Succession = { link: links.watcher, schema: options.schema, leaseMs: options.leaseMs, guards: chosen.guards, versions }
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
    const { schema, leaseMs, version = null, parkAfterMs = defaultParkAfterMs, workflows } = options
    this.#o = options
    this.#links = links
    this.#succession = succession
    this.#turns = new Turns(token)
    const store = chosen.decorateStore(new PostgresStore({ schema, worker: token, leaseMs, version, guards: chosen.guards, writer: links.writer, transactor: links.transactor, reader: links.reader }))
    this.#pump = new Pump(store, leaseMs, (why) => this.#lose(why))
    this.#ids = new Ids(links.reader, schema)
    this.#endings = new Endings(links.reader, schema)
    this.#post = createPost(links.reader, schema, (delivery) => this.#posted(delivery))
    this.#running = new Running({
      owner: this, store, ids: this.#ids, endings: this.#endings, createMailbox: chosen.createMailbox, workflows,
      trials: new Trials(succession.link, schema, this.#turns, () => this.#state === 'running'),
      shelve: (run, why) => this.#shelve(run, why),
      open: () => this.#state === 'running',
    })
    this.#parking = new Parking(succession, this.#turns, parkAfterMs, (run) => this.#running.evict(run))
    this.#watch = new Watch(succession, this.#turns, options.pollMs, {
      has: (wf) => this.#running.has(wf),
      adopt: (found) => this.#running.adopt(found),
      deliver: (wf, message) => this.#running.deliver(wf, message),
      park: () => this.#parking.turn(),
      turn: () => this.#endings.poll(),
      lost: (why) => this.#lose(why),
      log: (line) => this.#o.log?.(line),
    })
    links.onHint(() => this.#watch.hurry())
  }

  // For clients ---------------------------------------------------------------------------------------------------------

  async start(workflow: string, id: string, input: Json, options?: StartOptions): Promise<'started' | 'existing'> {
    if (this.#state !== 'running') throw new Rejected(`this worker is stopping; '${id}' was not started`)
    const how = await this.#running.begin(workflow, id, input, options)
    if (options?.tenant !== undefined) this.#watch.hurry()
    return how
  }

  outcome(id: string, asker?: Asker): Promise<Outcome> {
    return this.#running.outcome(id, asker)
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
    await within(1_000, leave(this.#succession, this.#turns.worker).then(() => this.#links.hint()))
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

  renewed(run: RunState, input: Json): void {
    this.#running.renew(run, input)
  }

  redeliver(run: RunState): void {
    void readInbox(this.#links.reader, this.#o.schema, run.wf).then((messages) => {
      for (const message of messages) run.deliver(message)
    }, (error: unknown) => this.#o.log?.(`run ${run.id} will hear of its messages by the next poll: ${(error as Error).message}`))
  }

  idle(run: RunState): void {
    this.#parking.note(run)
  }

  startChild(workflow: string, id: string, input: Json): Promise<unknown> {
    return this.#state === 'running' ? this.#running.begin(workflow, id, input) : never
  }

  async cancelChild(id: string): Promise<void> {
    try {
      await this.cancel(id)
    } catch (error) {
      if (!isNamed(error, 'Rejected')) throw error // it ended, or never began
    }
  }

  // ------------------------------------------------------------------------------------------------------------------------

  #shelve(run: RunState, why: string): void {
    this.#o.log?.(`run ${run.id} is put aside: ${why}`)
    shelve(this.#succession, this.#turns, run.wf, why).catch((error: unknown) => {
      this.#o.log?.(`run ${run.id} could not be put aside, and will be tried again: ${(error as Error).message}`)
      this.#watch.doubt()
    })
  }

  #posted({ wf, owner, message }: Delivery): void {
    if (owner === this.#turns.worker) this.#running.deliver(wf, message)
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

/** The store may be gone while we leave; then others wait for the lease instead. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work.catch(() => undefined), new Promise((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
