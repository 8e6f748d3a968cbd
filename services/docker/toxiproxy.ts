// Toxiproxy in a container. Who comes from this machine goes to the container's own address where that can be reached: a published port has a
// proxy of the engine's before it, which accepts every connection, so that no refusal and no reset of ours would come through.
import { join } from 'node:path'
import type { ToxiproxyPlace } from '../toxiproxy/server.ts'
import { serviceContainer } from './container.ts'
import type { Engine } from './engine.ts'
import { insideOf } from './inside.ts'

const API_PORT = 8474

export function toxiproxyPlace(engine: Engine, folder: string): ToxiproxyPlace {
  return {
    listensOn: '0.0.0.0',
    upstream: (address) => insideOf(engine, address),
    async start(apiPort, proxyPorts) {
      const container = serviceContainer(engine, {
        name: engine.name('toxiproxy'), image: 'toxiproxy', env: { LOG_LEVEL: 'warn' }, logFile: join(folder, 'toxiproxy.log'),
        command: ['-host=0.0.0.0'],
        ports: [{ container: API_PORT, host: apiPort }, ...(engine.hostsWorkers ? [] : proxyPorts.map((port) => ({ container: port, host: port })))],
      })
      const body = await container.run()
      const host = engine.hostsWorkers ? (await container.state()).address : '127.0.0.1'
      return { host, exit: () => body.exit, lastLines: (count) => body.lastLines(count), [Symbol.asyncDispose]: () => container.remove() }
    },
  }
}
