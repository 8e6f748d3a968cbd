// The interlock: load on a server that is not on this machine only if its host is named once more, since an address is easily copied
// from the wrong line. Chaos needs none: it touches nothing that this run did not start.
import { UsageError } from '../bench/usage.ts'
import type { Addresses } from '../services/index.ts'

/** `named`: hosts, by commas. */
export function mustOwn(addresses: Addresses, named: string | undefined): void {
  const owned = (named ?? '').split(',').map((host) => host.trim().toLowerCase())
  const strangers = hostsOf(addresses).filter((host) => !isLoopback(host) && !owned.includes(host))
  if (strangers.length === 0) return
  const hosts = [...new Set(strangers)].join(',')
  throw new UsageError(`expected --i-own-this ${hosts} beside an address that is not on this machine, found ${named === undefined ? 'none' : `'${named}'`}: a run writes databases and as much load as it can to that server; add it if that is yours to load`)
}

/** node-postgres takes a host from the query too. */
function hostsOf({ postgres, temporal, toxiproxy }: Addresses): string[] {
  const url = postgres === undefined ? null : new URL(postgres)
  return [
    ...(url === null ? [] : [url.hostname, ...url.searchParams.getAll('host')]),
    ...[temporal, toxiproxy].flatMap((address) => (address === undefined ? [] : [address.slice(0, address.lastIndexOf(':'))])),
  ].map((host) => host.toLowerCase())
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
