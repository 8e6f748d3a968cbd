// A cable between a worker and the store that can be cut at the worst moment: when a statement has reached the store and its
// answer has not come back.
import { createServer, connect, type Socket } from 'node:net'

export interface Relay extends AsyncDisposable {
  readonly url: string
  /** Every so often lets a statement through, swallows its answer and cuts that connection; 0: no more. */
  cutAnswers(everyMs: number): void
  readonly cuts: number
}

export async function startRelay(storeUrl: string): Promise<Relay> {
  const target = new URL(storeUrl)
  const sockets = new Set<Socket>()
  let everyMs = 0
  let cutAt = 0
  let cuts = 0

  const server = createServer((worker) => {
    const store = connect(Number(target.port), target.hostname)
    sockets.add(worker).add(store)
    const end = (): void => {
      worker.destroy()
      store.destroy()
      sockets.delete(worker)
      sockets.delete(store)
    }
    for (const socket of [worker, store]) socket.on('error', end).on('close', end)
    worker.on('data', (chunk) => void store.write(chunk))
    store.on('data', (chunk) => {
      if (everyMs === 0 || performance.now() < cutAt) return void worker.write(chunk)
      cutAt = performance.now() + everyMs
      cuts++
      end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(storeUrl)
  url.port = String((server.address() as { port: number }).port)

  return {
    url: url.href,
    cutAnswers(ms) {
      everyMs = ms
    },
    get cuts() {
      return cuts
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
