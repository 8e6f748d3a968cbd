// For docker-compose.yml: waits until Temporal's frontend serves, which is later than its port opens, and registers the namespace
// `default`, which its page opens with.
//   node docker/namespace.ts HOST:PORT
import { setTimeout as delay } from 'node:timers/promises'
import { checkHealth, registerDefaultNamespace } from '../services/temporal/rpc.ts'

const withinMs = 60_000
const pollMs = 250

const address = process.argv[2] ?? ''
for (const deadline = performance.now() + withinMs; ; await delay(pollMs)) {
  try {
    await checkHealth(address)
    await registerDefaultNamespace(address)
    break
  } catch (error) {
    if (performance.now() > deadline) throw error
  }
}
