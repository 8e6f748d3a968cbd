// Runs that take their worker down, and how they are told from innocent ones beside them. A worker that dies leaves all its runs
// bereaved. One that was bereaved three times and recorded nothing in between is a suspect. Suspects are tried many at a time; if the
// worker dies over that, each that has shown no sign of life has a strike, and is tried alone the next time. After two strikes it is
// put aside (`stuck`). Signs of life: it recorded something, only waits, had an attempt fail, or is at work for long.
// Trade-off: a run that kills from one of many branches, while another one retries, is never found out; innocent ones, whose workers die
// of something else, are hardly ever put aside.
import { coalesce } from './coalesce.ts'
import type { Link } from './link.ts'
import type { Run } from './run.ts'
import { transaction, alive, type Turns } from './transaction.ts'

const suspectAfter = 3
const strikesAtMost = 2
/** After a hard time of many workers thousands of runs may be suspects, and must not wait for each other. */
const togetherAtMost = 64
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

interface Mark {
  readonly wf: number
  /** 0: acquitted. */
  readonly strikes: number
}

export class Trials {
  readonly #mark: (mark: Mark) => Promise<void>
  readonly #open: () => boolean
  /** Not struck yet, and struck. */
  readonly #fresh: Suspect[] = []
  readonly #struck: Suspect[] = []
  #underWay = 0
  #alone = false

  constructor(link: Link, schema: string, turns: Turns, open: () => boolean) {
    this.#open = open
    this.#mark = coalesce(async (marks) => {
      await transaction(link, [alive(schema, turns), {
        text: `UPDATE ${schema}.active a SET strikes = m.strikes, lost = CASE m.strikes WHEN 0 THEN 0 ELSE a.lost END, lost_at = CASE m.strikes WHEN 0 THEN NULL ELSE a.lost_at END
          FROM unnest($1::int8[], $2::int4[]) m (wf, strikes) WHERE a.wf = m.wf AND a.owner = $3`,
        values: [marks.map(({ wf }) => wf), marks.map(({ strikes }) => strikes), turns.worker],
      }])
      return marks.map(() => undefined)
    })
  }

  /** Begins it when it is its turn, or puts it aside. */
  add(suspect: Suspect): void {
    if (suspect.strikes >= strikesAtMost) {
      return suspect.condemn(`its workers died ${livesAtMost} times without anything recorded in between, the last ${strikesAtMost} times while it was on trial; mend what it does next, then retry it`)
    }
    if (suspect.strikes === 0) this.#fresh.push(suspect)
    else this.#struck.push(suspect)
    this.#next()
  }

  #next(): void {
    while (!this.#alone && this.#underWay < togetherAtMost && this.#fresh.length > 0) this.#begin(this.#fresh.shift()!)
    if (this.#underWay > 0 || this.#struck.length === 0) return
    this.#alone = true
    this.#begin(this.#struck.shift()!)
  }

  #begin(suspect: Suspect): void {
    this.#underWay++
    // One that fails was fenced, or the store is lost: the watch says so.
    void this.#try(suspect).catch(() => undefined).finally(() => {
      this.#underWay--
      if (this.#underWay === 0) this.#alone = false
      this.#next()
    })
  }

  async #try({ run, strikes: before, begin }: Suspect): Promise<void> {
    if (!this.#open() || run.aborted) return
    // Before anything of it runs: who takes over reads it.
    await this.#mark({ wf: run.wf, strikes: before + 1 })
    const over = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => over.resolve('late'), trialMs).unref()
    const proved = run.sign()
    begin()
    const how = await Promise.race([proved, over.promise])
    clearTimeout(timer)
    // What was recorded is found by whoever is bereaved next; all else is nowhere but here.
    if (how !== 'records' && how !== 'left') await this.#mark({ wf: run.wf, strikes: 0 })
  }
}
