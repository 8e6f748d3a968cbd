// A Postgres that somebody else runs: looked at, used, never killed. No message here contains its password.
import { ServiceError } from '../error.ts'
import { query } from './query.ts'

const OLDEST = 14

export interface ExternalPostgres {
  readonly url: string
  /** host:port, for messages. */
  readonly place: string
  readonly version: string
}

/** Reachable, right password, new enough, and allowed to make databases; else a ServiceError says which of them fails. */
export async function checkPostgres(text: string): Promise<ExternalPostgres> {
  const url = parse(text)
  const place = `${url.hostname}:${url.port || 5432}`
  const rows = await query(url.href, `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    (select rolsuper or rolcreatedb from pg_roles where rolname = current_user) as creates`).catch((error: unknown) => {
    throw explained(error, url, place)
  })
  const { version, number, creates } = rows[0] as { version: string; number: number; creates: boolean }
  mustBeNewEnough(number, version, place)
  if (!creates) throw new ServiceError({ expected: `user ${url.username} at ${place} to be allowed to create databases`, found: 'that it is not', todo: `run ALTER ROLE ${url.username} CREATEDB, or give another user` })
  return { url: url.href, place, version }
}

export function mustBeNewEnough(number: number, version: string, place: string): void {
  if (number >= OLDEST * 10_000) return
  throw new ServiceError({ expected: `Postgres ${OLDEST} or newer at ${place}`, found: version, todo: 'upgrade it, or leave --postgres out to use the one that comes with durabench' })
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '') return url
  throw new ServiceError({ expected: 'an address like postgres://USER:PASSWORD@HOST:PORT/DATABASE', found: 'a text that is no such address (not shown, it may hold a password)', todo: 'mind that special characters of a password are written as %XX' })
}

function explained(error: unknown, url: URL, place: string): ServiceError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const found = code ?? (error instanceof Error ? error.message : String(error))
  if (code === '28P01' || code === '28000' || found.includes('password must be a string')) {
    return new ServiceError({ expected: `Postgres at ${place} to accept user ${url.username || '(none given)'} with the password given`, found: code === undefined ? 'no password given' : `a refusal (${found})`, todo: 'check user and password, and pg_hba.conf of the server' })
  }
  if (code === '3D000') return new ServiceError({ expected: `database ${url.pathname.slice(1)} at ${place}`, found: 'none of that name', todo: 'create it, or name another one' })
  return new ServiceError({ expected: `Postgres to answer at ${place}`, found, todo: 'check host and port, and that it runs and listens there' })
}
