// An address that outlives the server behind it, as a virtual IP or a pooler is in front of a pair of servers. It costs a hop, so it
// stands only before a store that can fail over.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Address extends AsyncDisposable {
  /** New connections go there; those that there are end. */
  pointTo(port: number): void
}

export async function openAddress(port: number, target: number): Promise<Address> {
  let to = target
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1')
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      open.add(socket.setNoDelay(true))
      socket.pipe(other)
      // Its close follows, which says all that there is to say.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  function endAll(): void {
    for (const socket of open) socket.destroy()
  }
  return {
    pointTo(next) {
      to = next
      endAll()
    },
    async [Symbol.asyncDispose]() {
      endAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
