// A commit that a network kept: the worker is cut off and goes on elsewhere, then an old backend gets the request after all.
// Proof: the delivery, and what the store answered to it.
import type { LinkFault } from './fault.ts'

export const holdCommit: LinkFault = {
  of: 'link',
  kind: 'hold-commit',
  about: 'holds back the request of a worker\'s commit, cuts the worker off, and delivers it late over the old connection; proved by the store\'s answer to it',
  roles: ['link'],
  strike: (link, { slot, nth }, signal) => link.strike('hold-commit', slot, nth ?? 1, signal),
}
