// A link that takes everything and passes nothing on, while its connections stay open; at the heal they are closed. No partition: what
// is sent is acknowledged. Proof: silence after a connect that succeeded.
import { toxic } from '../network/toxic.ts'
import { addToxic } from '../network/proxies.ts'

const silenceMs = 500

export const timeout = toxic({
  kind: 'timeout',
  about: `Toxiproxy takes what is sent over a link and passes none of it on, and closes them at the heal; proved by ${silenceMs} ms of silence after a connect that succeeded`,
  put: (link) => addToxic(link, 'timeout', { timeout: 0 }),
  withinMs: silenceMs,
  shows: (greeting) => 'failed' in greeting && greeting.failed === 'silent',
  expected: 'silence',
})
