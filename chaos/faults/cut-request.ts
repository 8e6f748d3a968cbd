// A commit that never reached the store. Proof: the relay kept all of it back.
import type { LinkFault } from './fault.ts'

export const cutRequest: LinkFault = {
  of: 'link',
  kind: 'cut-request',
  about: 'drops the request of a worker\'s commit and cuts the connection, so it never happened; proved by the relay: none of its bytes went on',
  roles: ['link'],
  strike: (link, { slot, nth }, signal) => link.strike('cut-request', slot, nth ?? 1, signal),
}
