// What a suite is made of, on the side that plays it: cases, as data until somebody plays one.
import type { Stand } from './stand.ts'

export interface Case {
  /** Reads as a sentence about the engine. */
  readonly name: string
  /** Why it is not played here: what the driver, or this machine, lacks; empty: it is. */
  readonly skip: string
  /** Rejects with what was expected, what was found, and where the evidence is. */
  play(stand: Stand): Promise<void>
}

/** A case that failed since it could not decide what it claims: nothing was seen to be violated. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
}

export interface SuiteSettings {
  readonly seed: number
  readonly scenario: string
  readonly workers: number
  /** Below this many exposures an invariant that a case names is undecided, and the case fails. */
  readonly minExposures: number
  /** Capabilities that the driver is known to lack. */
  readonly lacks: readonly string[]
}
