// What the runner's side of a suite and the harness's process say to each other, a line each, beside whatever a driver prints.

/** Begins each line of ours (RFC 7464). */
export const separator = '\u001e'

export interface Listed {
  readonly name: string
  /** Why it can't be played here; empty: it can. */
  readonly skip: string
}

export interface Answer {
  readonly name: string
  /** null: it passed. */
  readonly error: string | null
}
