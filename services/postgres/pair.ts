// A primary and its standby behind one address, for failover. Both are copies of one fresh cluster, so the standby follows from the first
// byte on and needs no base backup, whose program npm's Postgres lacks.
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../error.ts'
import { openAddress } from './address.ts'
import type { Cluster } from './cluster.ts'
import { query } from './query.ts'

const slot = 'standby'
const FOLLOW_DEADLINE_MS = 20_000
const PROMOTE_DEADLINE_MS = 20_000
const POLL_MS = 20

type Commit = 'synchronous' | 'asynchronous'

export interface Pair extends AsyncDisposable {
  /** The server that is written to. */
  readonly active: Cluster
  /** Rejects when either ended without being asked to. */
  readonly lost: Promise<never>
  /** The standby is away for `lagMs`, then the primary dies and the standby, as far as it came, is promoted; resolves with what was left behind. */
  failOver(lagMs: number): Promise<string>
  /** Clients find the new primary. */
  moveAddress(): void
}

interface PairOptions {
  readonly commit: Commit
  readonly ports: { readonly address: number; readonly primary: number; readonly standby: number }
  /** A server on a data folder of its own, not started. */
  readonly make: (port: number, settings: Readonly<Record<string, string>>) => Promise<{ readonly server: Cluster; readonly data: string }>
}

export async function startPair({ commit, ports, make }: PairOptions): Promise<Pair> {
  await using stack = new AsyncDisposableStack()
  const { server: primary } = await make(ports.primary, { synchronous_standby_names: commit === 'synchronous' ? '*' : '' })
  stack.defer(() => primary.remove())
  await primary.start()
  // Keeps what the standby has not had yet.
  await query(primary.url, `select pg_create_physical_replication_slot('${slot}', true)`)
  const { hostname, port, password, username } = new URL(primary.url)
  const { server: standby, data } = await make(ports.standby, { primary_slot_name: slot })
  stack.defer(() => standby.remove())
  // Not on its command line, which everybody on the host can read.
  await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\n`)
  await writeFile(join(data, 'standby.signal'), '')
  await standby.start()
  await untilFollows(primary, commit)
  const address = stack.use(await openAddress(ports.address, ports.primary))

  let active = primary
  const lost = Promise.race([primary.lost, standby.lost])
  lost.catch(() => undefined)
  const started = stack.move()
  return {
    get active() {
      return active
    },
    lost,
    async failOver(lagMs) {
      await standby.kill()
      await sleep(lagMs)
      const writtenTo = await position(primary)
      await primary.kill()
      await standby.start()
      const had = await promote(standby)
      active = standby
      const [now] = await query(standby.url, `select pg_walfile_name(pg_current_wal_lsn()) as file, pg_wal_lsn_diff('${writtenTo}', '${had}')::text as behind`)
      return `timeline ${Number.parseInt(String(now?.['file']).slice(0, 8), 16)}; the old primary was ${String(now?.['behind'])} bytes of log ahead`
    },
    moveAddress: () => address.pointTo(ports.standby),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/**
 * Resolves with how far it came, once it takes writes. Asked again and again, each time by a session of its own: one that waited for it would
 * hold a snapshot, and log that is still to be replayed may wait for just that.
 */
async function promote({ url }: Cluster): Promise<string> {
  await query(url, 'select pg_promote(false)')
  for (const deadline = performance.now() + PROMOTE_DEADLINE_MS; ; await sleep(POLL_MS)) {
    const [now] = await query(url, 'select pg_is_in_recovery() as follows, pg_last_wal_replay_lsn()::text as had')
    if (now?.['follows'] === false) return String(now['had'])
    if (performance.now() > deadline) throw new ServiceError({ expected: `the standby to take writes within ${PROMOTE_DEADLINE_MS / 1_000} s of its promotion`, found: 'that it still recovers', todo: 'see the end of its log' })
  }
}

async function position({ url }: Cluster): Promise<string> {
  return String((await query(url, 'select pg_current_wal_insert_lsn()::text as lsn'))[0]!['lsn'])
}

async function untilFollows({ url }: Cluster, commit: Commit): Promise<void> {
  const wanted = commit === 'synchronous' ? 'sync' : 'async'
  for (const deadline = performance.now() + FOLLOW_DEADLINE_MS; ; await sleep(POLL_MS)) {
    const [found] = await query(url, 'select state, sync_state from pg_stat_replication')
    if (found?.['state'] === 'streaming' && found['sync_state'] === wanted) return
    if (performance.now() > deadline) throw new ServiceError({ expected: `a standby that streams (${wanted}) within ${FOLLOW_DEADLINE_MS / 1_000} s`, found: found === undefined ? 'none' : `${String(found['state'])}, ${String(found['sync_state'])}`, todo: 'see the end of its log' })
  }
}
