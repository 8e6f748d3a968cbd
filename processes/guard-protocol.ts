// What a harness tells its guard: one JSON object a line, on the guard's stdin. The end of stdin is the last message, since
// the kernel sends it even for a harness that was killed.

export type GuardMessage =
  | { readonly track: number; readonly kind: ProcessKind }
  | { readonly untrack: number }
  | { readonly trackPath: string }
  | { readonly untrackPath: string }
  | { readonly trackUndo: Undo }
  | { readonly untrackUndo: Undo }

/** A command that takes back what no process holds: a mount, a network namespace. Programs are looked for where the system keeps its own. */
export type Undo = readonly [program: string, ...args: string[]]

/** Postgres gets SIGQUIT first: it then removes its shared memory, which a SIGKILL would leave behind. */
export type ProcessKind = 'plain' | 'postgres'

/** In the environment of every process that a harness owns: it closes the gap between spawn and `track`. */
export const TOKEN_VARIABLE = 'DURABENCH_TOKEN'

/** In a guard's environment instead: no guard ends another, nested one, which has its own to end. */
export const GUARD_VARIABLE = 'DURABENCH_GUARD'
