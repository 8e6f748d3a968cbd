// Finds or makes the run of a workflow id. Ids are `<runId>-<number>` in their millions, so those go by number, the rest
// (children, strays) by a map.
import type { Run } from '../evidence.ts'

export class Runs {
  readonly all: Run[] = []
  readonly prefix: string
  readonly #byNumber: (Run | undefined)[] = []
  readonly #byId = new Map<string, Run>()
  readonly #scenario: string

  /** `scenario` is that of the point: what a run has whose start was not seen. */
  constructor(runId: string, scenario: string) {
    this.prefix = `${runId}-`
    this.#scenario = scenario
  }

  find(id: string): Run | undefined {
    const number = this.#numberOf(id)
    return number < 0 ? this.#byId.get(id) : this.#byNumber[number]
  }

  of(id: string, scenario?: string): Run {
    const number = this.#numberOf(id)
    if (number >= 0) return this.#byNumber[number] ?? this.#add(number, id, scenario)
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    const run = this.#make(id, scenario)
    this.#byId.set(id, run)
    return run
  }

  /** The run whose id ends in that number. */
  numbered(number: number): Run {
    return this.#byNumber[number] ?? this.#add(number, this.prefix + number)
  }

  #add(number: number, id: string, scenario?: string): Run {
    const run = this.#make(id, scenario)
    while (this.#byNumber.length <= number) this.#byNumber.push(undefined)
    this.#byNumber[number] = run
    return run
  }

  #make(id: string, scenario = this.#scenario): Run {
    const run: Run = { index: this.all.length, id, scenario, starts: [], signals: [], cancels: [], seen: [], attempts: [] }
    this.all.push(run)
    return run
  }

  /** -1: not one of the numbered ids. Very large numbers would make a sparse table, so they go by the map. */
  #numberOf(id: string): number {
    if (!id.startsWith(this.prefix) || id.length - this.prefix.length > 8) return -1
    let number = 0
    for (let i = this.prefix.length; i < id.length; i++) {
      const digit = id.charCodeAt(i) - 48
      if (digit < 0 || digit > 9) return -1
      number = number * 10 + digit
    }
    return id.length === this.prefix.length ? -1 : number
  }
}
