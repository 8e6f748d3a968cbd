// An ambiguous commit. Proof: the store's answer, which only the relay saw.
import type { LinkFault } from './fault.ts'

export const cutAnswer: LinkFault = {
  of: 'link',
  kind: 'cut-answer',
  about: 'lets a worker\'s commit happen, drops the answer and cuts the connection, so the worker can not know; proved by the answer that the relay kept back',
  roles: ['link'],
  strike: (link, { slot, nth }, signal) => link.strike('cut-answer', slot, nth ?? 1, signal),
}
