// What a scenario says of an outcome. It expects what its body returns; from an engine that lost or mixed that up it may get anything,
// and then fails to read it. That is a finding about the outcome, and no reason for the oracle to break.
export type Said<T> = { readonly ok: T } | { readonly unreadable: string }

export function said<T>(ask: () => T): Said<T> {
  try {
    return { ok: ask() }
  } catch (error) {
    return { unreadable: `its scenario can't read it (${error instanceof Error ? error.message : String(error)})` }
  }
}
