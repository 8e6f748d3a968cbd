// How a process of ours ended.

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** CLOCK_MONOTONIC, when the harness learned of it. */
  readonly atMs: number
}

/** `exited with code 1`, `was ended by SIGKILL`. */
export function describe(exit: Exit): string {
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`
}
