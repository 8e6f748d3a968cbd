// The runs that a worker has in memory: begun here or loaded, played to their end, dropped while they only wait.
import { isNamed, Rejected } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { Asker, Endings } from './endings.ts'
import { isHomeless, type Ids } from './ids.ts'
import { decodeOutcome } from './journal.ts'
import { checkId } from './client.ts'
import { Run } from './run.ts'
import { Diverged, type Owner, type RunState } from './run-state.ts'
import type { Seams } from './seams.ts'
import type { Message, Store, StoredRun } from './store.ts'
import type { Trials } from './suspects.ts'
import type { Taken } from './transaction.ts'
import type { Outcome, StartOptions, WorkflowBody } from './types.ts'
import { kind, maxDataChars, type Kind } from './unit.ts'

const loadAtOnce = 500

export interface Surroundings {
  readonly owner: Owner
  readonly store: Store
  readonly ids: Ids
  readonly endings: Endings
  readonly createMailbox: Seams['createMailbox']
  readonly workflows: ReadonlyMap<string, WorkflowBody>
  readonly trials: Trials
  /** A run that can't go on is put aside for a person. */
  shelve(run: RunState, why: string): void
  /** False when nothing may begin any more. */
  readonly open: () => boolean
}

interface Waiting {
  readonly tell: (outcome: Outcome) => void
  readonly asker: Asker | undefined
}

export class Running {
  readonly #around: Surroundings
  readonly #runs = new Map<number, Run>()
  /** By id, once their start is durable, with who waits for their end. */
  readonly #byId = new Map<string, Waiting[]>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  has(wf: number): boolean {
    return this.#runs.has(wf)
  }

  deliver(wf: number, message: Message): void {
    this.#runs.get(wf)?.deliver(message)
  }

  outcome(id: string, asker?: Asker): Promise<Outcome> {
    const waiting = this.#byId.get(id)
    return waiting === undefined ? this.#around.endings.outcome(id, asker) : new Promise((tell) => waiting.push({ tell, asker }))
  }

  async begin(workflow: string, id: string, input: Json, { delayMs = 0, tenant = '' }: StartOptions = {}): Promise<'started' | 'existing'> {
    const { workflows, ids, owner, createMailbox } = this.#around
    checkId('run id', id)
    if (!workflows.has(workflow)) throw new Rejected(`no workflow '${workflow}'; known: ${[...workflows.keys()].join(', ')}`)
    if (delayMs > 0 && tenant !== '') throw new Rejected(`a start is delayed or queued for a tenant, not both; found ${delayMs} ms and '${tenant}'`)
    if (this.#byId.has(id)) return 'existing'
    const data = JSON.stringify(input)
    if (data.length > maxDataChars) throw new Rejected(`an input of at most ${maxDataChars} characters can be recorded, found ${data.length}`)
    const next = ids.next()
    const wf = typeof next === 'number' ? next : await next
    const run = new Run(owner, wf, id, workflow, createMailbox(), null, null)
    const later = delayMs > 0 || tenant !== ''
    // Known before it is durable: a signal may be found by the poll before the acknowledgement is read.
    if (!later) this.#runs.set(wf, run)
    try {
      if ((await run.record(0, kind.start, workflow, data, { key: id, ms: delayMs, tenant })) === 'existing') {
        this.#runs.delete(wf)
        return 'existing'
      }
    } catch (error) {
      this.#runs.delete(wf)
      if (isHomeless(error)) {
        ids.discard(wf)
        return this.begin(workflow, id, input, { delayMs, tenant })
      }
      throw new Rejected(`the store refused the start of '${id}': ${(error as Error).message}`)
    }
    if (!later) void this.#play(run, input)
    return 'started'
  }

  /** Loads runs that have become ours, and plays them from where they stand. */
  async adopt(found: readonly Taken[]): Promise<void> {
    const { owner, store, createMailbox, workflows, trials, open } = this.#around
    const known = new Map(found.map((run) => [run.wf, run]))
    const load = (from: number): Promise<readonly StoredRun[]> => store.load(found.slice(from, from + loadAtOnce).map(({ wf }) => wf))
    let next = found.length > 0 ? load(0) : null
    for (let from = loadAtOnce; next !== null && open(); from += loadAtOnce) {
      const loaded = await next
      // The store reads on while these are played.
      next = from < found.length ? load(from) : null
      next?.catch(() => undefined) // it is heard of when its turn comes
      for (const { wf, workflow, input, rows, messages, consumed, leftMs } of loaded) {
        const { id, strikes } = known.get(wf)!
        const run = new Run(owner, wf, id, workflow, createMailbox(), rows, leftMs)
        this.#runs.set(wf, run)
        run.mailbox.consumed(consumed)
        for (const message of messages) run.deliver(message)
        if (workflows.has(workflow)) {
          if (strikes === null) void this.#play(run, input)
          else trials.add({ run, strikes, begin: () => void this.#play(run, input), condemn: (why) => this.#putAside(run, why) })
        } else this.#putAside(run, `no workflow '${workflow}' in the worker that took it; known there: ${[...workflows.keys()].join(', ')}`)
      }
    }
  }

  /** The same run, with nothing of its history; its messages and who waits for its end stay. */
  renew(run: RunState, input: Json): void {
    run.abandon()
    const next = new Run(this.#around.owner, run.wf, run.id, run.workflow, run.mailbox, null, null)
    if (run.cancelled) next.deliver({ n: '', id: '', name: '', payload: '' })
    this.#runs.set(run.wf, next)
    void this.#play(next, input)
  }

  /** The run leaves memory; who waits for its end here goes on waiting. */
  evict(run: RunState): void {
    run.abandon()
    this.#runs.delete(run.wf)
    const waiting = this.#byId.get(run.id) ?? []
    this.#byId.delete(run.id)
    for (const { tell, asker } of waiting) if (asker?.aborted !== true) void this.#around.endings.outcome(run.id, asker).then(tell, () => undefined)
  }

  async #play(run: Run, input: Json): Promise<void> {
    this.#byId.set(run.id, this.#byId.get(run.id) ?? [])
    let last: [Kind, string]
    try {
      last = [kind.completed, JSON.stringify((await this.#around.workflows.get(run.workflow)!(run, input)) ?? null)]
    } catch (error) {
      if (error instanceof Diverged) return this.#putAside(run, error.message)
      last = ending(run, error)
    }
    try {
      await run.end(...last).catch((error: unknown) => {
        last = [kind.failed, JSON.stringify({ code: 'unrecordable', message: `the end could not be recorded: ${(error as Error).message}` })]
        return run.end(...last)
      })
    } catch (error) {
      return this.#putAside(run, `the store refuses any end of it: ${(error as Error).message}`)
    }
    const outcome = decodeOutcome(...last)
    const waiting = this.#byId.get(run.id)!
    this.#runs.delete(run.wf)
    this.#byId.delete(run.id)
    // An asker that has left memory must not go on: its next life asks for itself.
    for (const { tell, asker } of waiting) if (asker?.aborted !== true) tell(outcome)
    this.#around.endings.told(run.id, outcome)
  }

  #putAside(run: RunState, why: string): void {
    this.evict(run)
    this.#around.shelve(run, why)
  }
}

function ending(run: RunState, error: unknown): [Kind, string] {
  if (isNamed(error, 'Cancelled') && run.cancelled) return [kind.cancelled, 'null']
  const { name, message, code } = (error instanceof Error ? error : new Error(String(error))) as Error & { code?: string }
  return [kind.failed, JSON.stringify({ code: isNamed(error, 'StepFailed') ? code : name, message })]
}
