// A link that refuses: what was connected is cut, nobody listens. Proof: the refusal.
import { toxic } from '../network/toxic.ts'
import { setEnabled } from '../network/proxies.ts'

export const down = toxic({
  kind: 'down',
  about: 'Toxiproxy cuts a link\'s connections and stops listening; proved by the ECONNREFUSED that a new one gets',
  async put(link) {
    await setEnabled(link, false)
    return () => setEnabled(link, true)
  },
  shows: (greeting) => 'failed' in greeting && greeting.failed === 'ECONNREFUSED',
  expected: 'a refusal',
})
