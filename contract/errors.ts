// The only errors that may cross a room's border. They are recognised by `name`, not by class, because Temporal's sandbox
// and structured clones give each side a class of its own.

/** A step ended for good: `refused` (the world said no, a retry is pointless) or `exhausted` (the retry policy ran out). */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly code: 'refused' | 'exhausted'
  constructor(code: 'refused' | 'exhausted', message: string) {
    super(message)
    this.code = code
  }
}

/** The run was cancelled; a body may compensate and must then let it pass. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** Thrown by a step's body: the world refused, so no retry. Drivers turn it into `StepFailed('refused')`. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** A client's call did not happen, for sure. */
export class Rejected extends Error {
  override readonly name = 'Rejected'
}

/** A client's call may or may not have happened: a lost connection, an elapsed deadline. */
export class Unknown extends Error {
  override readonly name = 'Unknown'
}

/** A scenario asked for something that this driver declares `absent`. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}

export function isNamed(error: unknown, name: 'StepFailed' | 'Cancelled' | 'Refused' | 'Rejected' | 'Unknown' | 'Unsupported'): boolean {
  return error instanceof Object && 'name' in error && error.name === name
}
