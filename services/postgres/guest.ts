// A database of the run's own in somebody else's Postgres: what engines make lies in it, and goes with it. Nothing else there is touched.
import { query } from './query.ts'

/** A store that others load too may take long over a database's files. */
const TIMEOUT_MS = 60_000

export interface GuestDatabase extends AsyncDisposable {
  readonly url: string
}

/** Fails where one of that name exists: it would not be ours to drop. */
export async function guestDatabase(postgresUrl: string, name: string): Promise<GuestDatabase> {
  await query(postgresUrl, `create database "${name}"`, TIMEOUT_MS)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return { url: url.href, [Symbol.asyncDispose]: () => dropDatabase(postgresUrl, name) }
}

export async function dropDatabase(postgresUrl: string, name: string): Promise<void> {
  await query(postgresUrl, `drop database "${name}" with (force)`, TIMEOUT_MS)
}
