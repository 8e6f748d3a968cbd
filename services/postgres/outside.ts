// What an address says, as node-postgres understands it, for programs that are not: sslmode prefer, require and verify-ca verify the
// certificate and the host as verify-full does, no-verify neither; a password may be in the environment, out of sight of `ps`.

export interface PostgresTls {
  readonly verifies: boolean
  readonly host: string
  /** Files; undefined: the system's own authorities, no certificate of the client's. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Empty: none. */
export function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password) || (process.env['PGPASSWORD'] ?? '')
}

/** null: without TLS. */
export function tlsOf(url: string): PostgresTls | null {
  const { searchParams, hostname } = new URL(url)
  const said = (name: string): string | undefined => searchParams.get(name) ?? undefined
  const mode = said('sslmode')
  const [ca, cert, key] = [said('sslrootcert'), said('sslcert'), said('sslkey')]
  if (mode === 'disable') return null
  if ([mode, ca, cert, key].every((value) => value === undefined) && !['true', '1'].includes(said('ssl') ?? '')) return null
  return { verifies: mode !== 'no-verify', host: hostname, ca, cert, key }
}
