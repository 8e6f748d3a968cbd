// A link that is thin. Proof: how long a long greeting takes to be answered through it.
import { longestGreeting } from '../network/greeting.ts'
import { toxic } from '../network/toxic.ts'
import { addToxic } from '../network/proxies.ts'

const kilobytesPerSecond = 32
const leastMs = longestGreeting / kilobytesPerSecond * 0.8

export const bandwidth = toxic({
  kind: 'bandwidth',
  about: `Toxiproxy lets ${kilobytesPerSecond} KB a second through each connection of a link; proved by the time that ${longestGreeting} bytes take`,
  put: (link) => addToxic(link, 'bandwidth', { rate: kilobytesPerSecond }),
  bytes: longestGreeting,
  shows: (greeting) => 'ms' in greeting && greeting.ms >= leastMs,
  expected: `${longestGreeting} bytes to take at least ${Math.round(leastMs)} ms`,
})
