// What differs from Postgres's defaults, and why: shown in every report. Durability (fsync, synchronous_commit, full_page_writes) is
// as Postgres ships it.

export interface Setting {
  readonly name: string
  readonly value: string
  readonly why: string
}

export const postgresSettings: readonly Setting[] = [
  { name: 'max_connections', value: '300', why: 'engines bring pools of their own, several times the default of 100 with two workers, an app and a server' },
  { name: 'listen_addresses', value: '127.0.0.1', why: 'nobody else on the network is to reach a benchmark' },
  { name: 'unix_socket_directories', value: '', why: 'every client comes over TCP, as it would to a database server' },
]

/** At initdb, so that sorting and indexes cost the same under every locale of the host. */
export const initdbSettings: readonly Setting[] = [
  { name: 'encoding', value: 'UTF8', why: 'the encoding that every engine expects' },
  { name: 'locale-provider', value: 'builtin', why: 'no dependency on the C library of the host' },
  { name: 'locale', value: 'C.UTF-8', why: 'the same order of text on every host' },
]
