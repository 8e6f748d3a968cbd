// kill -9 of a service with all its processes, then a start on the same port and data. Proof: another start time inside.
import type { ProcessFault } from './fault.ts'

export const restart: ProcessFault = {
  of: 'process',
  kind: 'restart',
  about: 'kill -9 of every process of the service, started again on the same port and data; proved by its new start time',
  roles: ['store', 'engine-server'],
  apply: (victim) => victim.kill(),
  heal: (victim, identity) => victim.revive(identity),
  provedByHeal: true,
}
