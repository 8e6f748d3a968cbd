// A link that answers with a reset: as a firewall or a balancer does that has forgotten a connection. Proof: the reset.
import { toxic } from '../network/toxic.ts'
import { addToxic } from '../network/proxies.ts'

export const resetPeer = toxic({
  kind: 'reset-peer',
  about: 'Toxiproxy resets a link\'s connections, new ones at once and old ones when they are used; proved by the ECONNRESET that a new one gets',
  put: (link) => addToxic(link, 'reset_peer', { timeout: 0 }),
  shows: (greeting) => 'failed' in greeting && greeting.failed === 'ECONNRESET',
  expected: 'a reset',
})
