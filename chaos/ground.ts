// What a process stands on, as faults of the machine see it. A point has only what its plan asked for, so a fault says what it lacks.

export interface Ground {
  readonly server?: Server
  readonly disk?: Disk
  readonly shim?: Shim
  readonly standby?: Standby
  readonly memory?: Memory
  readonly neighbours?: Neighbours
}

interface Disk {
  /** What must be known of the engine before its store's disk is cut. */
  beforeCut(fault: string): Promise<void>
  cut(): Promise<void>
  /** Resolves with what the cut did. */
  restore(): Promise<string>
  fill(): Promise<string>
  makeRoom(): Promise<void>
}

interface Shim {
  stepClock(ms: number): void
  slowFsync(delayMs: number): void
  failFsync(fails: boolean): void
  met(): { readonly clockReads: number; readonly fsyncs: number }
}

interface Standby {
  failOver(lagMs: number): Promise<string>
  moveAddress(): void
}

/** A service that a fault may end without killing it. */
interface Server {
  /** From now on its end is part of a fault, until `recover`. */
  mayEnd(): void
  /** Waits until it answers; starts it where it has ended meanwhile. */
  recover(): Promise<void>
  /** The next line of its log that matches; rejects after `withinMs`. To be called before what is to be seen. */
  logs(matches: RegExp, withinMs: number): Promise<string>
}

interface Memory {
  /** Takes its memory away; resolves with how it ended, and whether over that. Throws when it lives on, with its memory given back. */
  starve(): Promise<{ readonly saw: string; readonly outOfMemory: boolean }>
}

export interface Neighbours {
  /** Starts them; resolves when they work. */
  start(kind: 'cpu' | 'fsync'): Promise<Neighbour>
}

interface Neighbour {
  /** What proves that the victim is disturbed. */
  readonly saw: string
  end(): Promise<string>
}

/** @throws with what the point would need for the fault */
export function standing<Name extends keyof Ground>(ground: Ground, name: Name, needs: string): NonNullable<Ground[Name]> {
  const found = ground[name]
  if (found === undefined) throw new Error(`expected ${needs}, found none: this point was not planned with it, or the victim is not of this run`)
  return found
}
