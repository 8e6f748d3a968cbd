// An error that the user can mend: shown as one line, exit code 2, no stack.
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
