// A link that hands over crumbs: no message arrives in one piece. Proof: what the pauses between the pieces of a long greeting add up to.
import { longestGreeting } from '../network/greeting.ts'
import { toxic } from '../network/toxic.ts'
import { addToxic } from '../network/proxies.ts'

const averageBytes = 64
const pauseUs = 1_000
const leastMs = longestGreeting / (2 * averageBytes) * (pauseUs / 1e3)

export const slicer = toxic({
  kind: 'slicer',
  about: `Toxiproxy cuts what goes through a link into pieces of some ${averageBytes} bytes, a pause of ${pauseUs / 1e3} ms between them; proved by the time that ${longestGreeting} bytes take`,
  put: (link) => addToxic(link, 'slicer', { average_size: averageBytes, size_variation: averageBytes / 2, delay: pauseUs }),
  bytes: longestGreeting,
  shows: (greeting, beforeMs) => 'ms' in greeting && greeting.ms >= beforeMs + leastMs,
  expected: `${longestGreeting} bytes to take at least ${Math.round(leastMs)} ms more`,
})
