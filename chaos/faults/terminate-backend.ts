// An administrator, a failover or memory pressure ends the server's process of a connection. Proof: its last words (57P01).
import type { LinkFault } from './fault.ts'

export const terminateBackend: LinkFault = {
  of: 'link',
  kind: 'terminate-backend',
  about: 'pg_terminate_backend of a worker\'s connection; proved by the error that the backend said good-bye with, as the relay saw it',
  roles: ['link'],
  strike: (link, { slot, nth }, signal) => link.terminateBackend(slot, nth ?? 1, signal),
}
