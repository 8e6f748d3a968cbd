// What else stands on Postgres, shown and not judged: each in one process of its own, at the best of a sweep of what it has in
// flight, against homegrown with one worker. Peers run without the harness, which only homegrown pays for here.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { bareSteps, bestInFlight } from '../homegrown.ts'
import type { Place } from '../place.ts'
import type { Lack, Row, Side } from '../row.ts'
import { runSolo } from '../solo.ts'
import { best } from '../sweep.ts'

interface Peer {
  readonly name: string
  readonly label: string
  /** Of what is counted. */
  readonly unit: string
  readonly inFlight: readonly number[]
  /** npm packages that it needs. */
  readonly packages: readonly string[]
  /** Makes what the peer needs in a fresh store. */
  readonly install?: (url: string) => Promise<void>
  readonly lacks?: () => Promise<string | null>
}

const peers: readonly Peer[] = [
  { name: 'inserts', label: 'one INSERT a step through pg', unit: 'steps/s', inFlight: [10, 32, 64], packages: ['pg'] },
  { name: 'openworkflow', label: 'openworkflow', unit: 'steps/s', inFlight: [10, 50, 200], packages: ['openworkflow', 'postgres'] },
  { name: 'absurd', label: 'absurd-sdk', unit: 'steps/s', inFlight: [10, 50, 200], packages: ['absurd-sdk'], install: absurdctl, lacks: withoutAbsurdctl },
  { name: 'pg-boss', label: 'pg-boss, a job queue: one job a step', unit: 'jobs/s', inFlight: [200, 1_000, 4_000], packages: ['pg-boss'] },
]

export const peerRows: readonly Row[] = peers.map((peer) => ({
  name: `peers/${peer.name}`,
  about: `steps/s of homegrown, one worker ÷ ${peer.label}`,
  target: null,
  async prepare(place) {
    const lack = await lackOf(peer)
    if (lack !== null) return lack
    return { a: await atBest(place, peer), b: bareSteps(place, 1, await bestInFlight(place, 1)) }
  },
}))

async function atBest(place: Place, peer: Peer): Promise<Side> {
  const inFlight = await best(place, peer.label, peer.inFlight, (setting) => `${setting} in flight`, (setting) => rate(place, peer, setting))
  return { label: `${peer.label}, ${inFlight} in flight`, unit: peer.unit, measure: async () => ({ value: await rate(place, peer, inFlight) }) }
}

async function rate(place: Place, { name, install }: Peer, inFlight: number): Promise<number> {
  await using store = await place.store()
  await install?.(store.url)
  return (await runSolo(place, new URL(`../peers/${name}.ts`, import.meta.url), { url: store.url, inFlight })).perSecond!
}

async function lackOf({ packages, lacks }: Peer): Promise<Lack | null> {
  const missing = packages.filter((name) => !installed(name))
  const why = missing.length > 0 ? `npm package ${missing.join(', ')} is not installed: npm install, with development dependencies` : ((await lacks?.()) ?? null)
  return why === null ? null : { state: 'unavailable', why }
}

function installed(name: string): boolean {
  try {
    return import.meta.resolve(name) !== ''
  } catch {
    return false
  }
}

/** Its makers' way to put absurd's schema into a database. */
async function absurdctl(url: string): Promise<void> {
  await promisify(execFile)('absurdctl', ['init'], { env: { ...process.env, ABSURD_DATABASE_URL: url } })
}

async function withoutAbsurdctl(): Promise<string | null> {
  const lacking = async (program: string): Promise<boolean> => promisify(execFile)(program, ['--help']).then(() => false, (error: { code?: unknown }) => error.code === 'ENOENT')
  if (await lacking('absurdctl')) return 'absurd\'s schema is installed by absurdctl, which is not on the PATH: uv tool install absurdctl, or pip install absurdctl'
  return (await lacking('psql')) ? 'absurdctl needs psql: apt-get install postgresql-client' : null
}
