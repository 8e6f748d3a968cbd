// Runs that take their worker down, and how they are told from innocent ones beside them. A worker that dies leaves all its runs
// bereaved. One that was bereaved three times and recorded nothing in between is a suspect: it is tried alone among suspects, and
// if the worker dies over that, the strike is its own. After two strikes it is put aside (`stuck`).
// Trade-off: suspects come one after the other, so a long step of one holds up the others; runs that nobody suspects go on beside them.
import { persist, type Link } from './link.ts'
import type { Run } from './run.ts'
import { transaction, alive, type Turns } from './transaction.ts'

const suspectAfter = 3
const strikesAtMost = 2
/** One that is at work for longer than this is let be, so that it holds nobody up: a run that needs longer to kill is not found out. */
const trialMs = 30_000

/** How many workers may die of one run. */
const livesAtMost = suspectAfter + strikesAtMost

const recordedUpTo = (s: string): string => `(SELECT j.seq FROM ${s}.journal j WHERE j.wf = a.wf ORDER BY j.seq DESC LIMIT 1)`

/**
 * What the death of worker w changes of its run a. A clean leave is no death. Looking up what was recorded costs a probe of the
 * index, so the first death only counts, and the second is the first to ask.
 */
export function bereave(s: string): string {
  const clean = 'w.expires = \'-infinity\''
  const still = `a.lost_at IS NOT DISTINCT FROM ${recordedUpTo(s)}`
  return `lost = CASE WHEN ${clean} THEN a.lost WHEN a.lost < 2 OR ${still} THEN a.lost + 1 ELSE 2 END,
    lost_at = CASE WHEN ${clean} OR a.lost = 0 THEN a.lost_at ELSE ${recordedUpTo(s)} END,
    strikes = CASE WHEN ${clean} OR a.strikes = 0 OR ${still} THEN a.strikes ELSE 0 END`
}

/** null: not suspected. */
export const strikes = `CASE WHEN lost >= ${suspectAfter} THEN strikes END`

/** A run that was loaded and not begun. */
interface Suspect {
  readonly run: Run
  readonly strikes: number
  readonly begin: () => void
  /** Puts it aside. */
  readonly condemn: (why: string) => void
}

export class Trials {
  readonly #link: Link
  readonly #schema: string
  readonly #turns: Turns
  readonly #open: () => boolean
  #last = Promise.resolve()

  constructor(link: Link, schema: string, turns: Turns, open: () => boolean) {
    this.#link = link
    this.#schema = schema
    this.#turns = turns
    this.#open = open
  }

  /** Begins it when those before it have proved innocent, or puts it aside. */
  add(suspect: Suspect): void {
    this.#last = this.#last.then(() => this.#try(suspect)).catch(() => undefined) // fenced, or the store is lost: the watch says so
  }

  async #try({ run, strikes: before, begin, condemn }: Suspect): Promise<void> {
    if (!this.#open() || run.aborted) return
    if (before >= strikesAtMost) {
      return condemn(`its workers died ${livesAtMost} times without anything recorded in between, the last ${strikesAtMost} times while it was on trial; mend what it does next, then retry it`)
    }
    await this.#strike(run, before + 1)
    const over = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => over.resolve('late'), trialMs).unref()
    const proved = run.sign()
    begin()
    const how = await Promise.race([proved, over.promise])
    clearTimeout(timer)
    // What was recorded is found by whoever is bereaved next; that it only waits, or is at work for long, is nowhere else.
    if (how === 'waits' || how === 'late') await this.#acquit(run)
  }

  /** Before anything of it runs: who takes over reads it. */
  async #strike({ wf }: Run, strikes: number): Promise<void> {
    await this.#write(`SET strikes = ${strikes} WHERE wf = $1 AND owner = $2`, wf)
  }

  async #acquit({ wf }: Run): Promise<void> {
    await this.#write('SET lost = 0, lost_at = NULL, strikes = 0 WHERE wf = $1 AND owner = $2', wf)
  }

  async #write(change: string, wf: number): Promise<void> {
    await persist(() => transaction(this.#link, [alive(this.#schema, this.#turns), { text: `UPDATE ${this.#schema}.active ${change}`, values: [wf, this.#turns.worker] }]))
  }
}
