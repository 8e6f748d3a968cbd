// What active.owner says about a run that no worker holds; a worker's own token is above 0.

export const nobody = {
  /** The next worker that looks, and has its version, takes it. */
  ready: 0,
  /** It waits, in nobody's memory, for a message, a child or its time (active.wake_at). */
  parked: -1,
  /** It waits for room among the runs of its tenant. */
  queued: -2,
  /** Its body and its journal don't fit, or its end can't be recorded: a person decides (see `stuck`). */
  stuck: -3,
} as const
