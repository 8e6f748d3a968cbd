// How a container reaches what this machine reaches: a service of the run by its name in the run's network, others by the address that
// they have for everybody. What is on this machine's loopback alone is out of a container's reach.
import { ServiceError } from '../error.ts'
import type { Engine } from './engine.ts'

const LOOPBACK = /^(localhost|127\.[\d.]+|\[?::1\]?)$/

/** `address` is host:port. */
export function insideOf({ published }: Engine, address: string): string {
  const known = published.get(address)
  if (known !== undefined) return known
  const host = address.slice(0, address.lastIndexOf(':'))
  if (!LOOPBACK.test(host)) return address
  throw new ServiceError({ expected: `${address} to be reached from a container`, found: "an address of this machine's loopback", todo: 'give one that containers can reach, or leave --services docker out' })
}
