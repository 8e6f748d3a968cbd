// The one way in which a service fails to be there: what was expected, what was found, what to do. Never a secret in it.

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  /** Expected and found, without what to do. */
  readonly facts: string
  readonly todo: string

  constructor({ expected, found, todo }: { expected: string; found: string; todo: string }, options?: ErrorOptions) {
    const facts = `expected ${expected}, found ${found}`
    super(`${facts}; ${todo}`, options)
    this.facts = facts
    this.todo = todo
  }
}

/** A port that was free when it was leased is taken: another lease will do. */
export class PortTaken extends ServiceError {}
