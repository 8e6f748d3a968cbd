// A batch torn on its way. Proof: what the relay delivered, and that the backend ended over it.
import type { LinkFault } from './fault.ts'

export const cutBatch: LinkFault = {
  of: 'link',
  kind: 'cut-batch',
  about: 'cuts the connection in the middle of a worker\'s write, half of its bytes delivered; proved by the relay\'s count and the end of the backend',
  roles: ['link'],
  strike: (link, { slot, nth }, signal) => link.strike('cut-batch', slot, nth ?? 1, signal),
}
