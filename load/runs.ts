// What load knows of each run, by index: columns instead of objects, since a minute at 100k starts/s makes six million of
// them and the garbage collector must not walk through those. Only `reserve` grows the columns.
import type { Random } from '../contract/random.ts'

export const state = { planned: 0, issued: 1, accepted: 2, ended: 3, rejected: 4 } as const

export class Runs {
  /** Draws, one per run in the order of indices: the same seed follows and doubles the same runs. */
  readonly #following: Random
  readonly #doubling: Random
  #capacity = 1 << 12
  #count = 0
  state = new Uint8Array(this.#capacity)
  phase = new Uint8Array(this.#capacity)
  intendedMs = new Float64Array(this.#capacity)
  followed = new Uint8Array(this.#capacity)
  doubled = new Uint8Array(this.#capacity)
  /** Start calls without a final answer, retries included. */
  openStarts = new Uint8Array(this.#capacity)
  /** The app slot, plus one, that last told an outcome. */
  teller = new Uint8Array(this.#capacity)
  /** Their time has come, whether or not an app lived to take them. */
  started = 0
  ended = 0
  rejected = 0

  constructor(following: Random, doubling: Random) {
    this.#following = following
    this.#doubling = doubling
  }

  /** The next index to be reserved. */
  get count(): number {
    return this.#count
  }

  get inFlight(): number {
    return this.started - this.ended - this.rejected
  }

  /** Returns the first of `count` new indices. */
  reserve(count: number, phase: number, followedShare: number, doubledShare: number): number {
    const first = this.#count
    this.#count += count
    while (this.#count > this.#capacity) this.#grow()
    for (let index = first; index < this.#count; index++) {
      this.phase[index] = phase
      this.followed[index] = drawn(this.#following, followedShare)
      this.doubled[index] = drawn(this.#doubling, doubledShare)
    }
    return first
  }

  /** Indices of runs that were issued and neither ended nor were rejected. */
  open(): number[] {
    const open: number[] = []
    for (let index = 0; index < this.#count; index++) {
      if (this.state[index] === state.issued || this.state[index] === state.accepted) open.push(index)
    }
    return open
  }

  #grow(): void {
    this.#capacity *= 2
    const wider = <T extends Uint8Array | Float64Array>(to: T, from: T): T => {
      to.set(from)
      return to
    }
    const bytes = (from: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => wider(new Uint8Array(this.#capacity), from)
    this.state = bytes(this.state)
    this.phase = bytes(this.phase)
    this.intendedMs = wider(new Float64Array(this.#capacity), this.intendedMs)
    this.followed = bytes(this.followed)
    this.doubled = bytes(this.doubled)
    this.openStarts = bytes(this.openStarts)
    this.teller = bytes(this.teller)
  }
}

function drawn(draws: Random, share: number): 0 | 1 {
  return share >= 1 || (share > 0 && draws.next() < share) ? 1 : 0
}
