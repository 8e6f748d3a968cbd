// Could a service be had on this machine? Nothing is started and nothing built; why not, and what to do, is for people to read.
import type { ServiceProvider } from '../contract/plan.ts'
import type { Availability } from './go/toolchain.ts'
import { choose, type Addresses, type ServiceName } from './providers.ts'

/** What the first provider that is to be had would give. */
export async function availability(service: ServiceName, addresses: Addresses, services: ServiceProvider = 'embedded'): Promise<Availability> {
  return (await choose(service, addresses, services)).found
}
