// A link that is long: every byte is late, both ways. Proof: the round trip, measured through the link.
import { toxic } from '../network/toxic.ts'
import { addToxic } from '../network/proxies.ts'

const latencyMs = 100
const jitterMs = 20

export const latency = toxic({
  kind: 'latency',
  about: `Toxiproxy delays what goes through a link by ${latencyMs} ms ± ${jitterMs} each way; proved by the round trip through it`,
  put: (link) => addToxic(link, 'latency', { latency: latencyMs, jitter: jitterMs }),
  shows: (greeting) => 'ms' in greeting && greeting.ms >= 2 * (latencyMs - jitterMs),
  expected: `a round trip of at least ${2 * (latencyMs - jitterMs)} ms`,
})
