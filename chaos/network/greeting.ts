// A sign of life from the far end of a link, without an account there: whoever speaks the protocol answers a stranger's first bytes. How
// many bytes those are is free within limits, so that a link which is slow by the byte can be told.
import { connect } from 'node:net'

export type Protocol = 'postgres' | 'grpc'

/** `silent`: nothing came in time; else the error's code, or that the far end hung up. */
export type Greeting = { readonly ms: number } | { readonly failed: string }

/** How much both protocols take from a stranger in one go. */
export const longestGreeting = 9_000

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const settingsFrame = 4
const acknowledged = 1

/** Connects, says some `bytes` and waits for the answer that can only come once all of them arrived. */
export function greet({ host, port }: { readonly host: string; readonly port: number }, protocol: Protocol, bytes: number, withinMs: number): Promise<Greeting> {
  const began = performance.now()
  const [words, isAnswer] = protocol === 'postgres' ? [startup(bytes), (data: Buffer) => data.length > 0] as const : [settings(bytes), acknowledges] as const
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write(words))
    let heard = Buffer.alloc(0)
    const end = (greeting: Greeting): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(greeting)
    }
    const timer = setTimeout(() => end({ failed: 'silent' }), withinMs)
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data])
      if (isAnswer(heard)) end({ ms: performance.now() - began })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => end({ failed: error.code ?? error.message }))
    socket.on('close', () => end({ failed: 'hung up' }))
  })
}

/** Postgres's startup message of a user that there is none of, padded by a setting; it asks for the password all the same. */
function startup(bytes: number): Buffer {
  const version = Buffer.from([0, 3, 0, 0])
  const fixed = Buffer.from('user\0durabench\0application_name\0', 'latin1')
  const padding = Buffer.alloc(Math.max(1, bytes - fixed.length - 10), 'x')
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + version.length + fixed.length + padding.length + 2)
  return Buffer.concat([length, version, fixed, padding, Buffer.from([0, 0])])
}

/** HTTP/2's first words with as many settings as fill it; ones that nobody knows are passed over, and the frame is acknowledged. */
function settings(bytes: number): Buffer {
  const count = Math.max(0, Math.floor((bytes - preface.length - 9) / 6))
  const body = Buffer.alloc(count * 6)
  for (let i = 0; i < count; i++) body.writeUInt16BE(0xf000 + i, i * 6)
  const head = Buffer.alloc(9)
  head.writeUIntBE(body.length, 0, 3)
  head[3] = settingsFrame
  return Buffer.concat([preface, head, body])
}

function acknowledges(data: Buffer): boolean {
  for (let at = 0; at + 9 <= data.length; at += 9 + data.readUIntBE(at, 3)) {
    if (data[at + 3] === settingsFrame && (data[at + 4]! & acknowledged) === acknowledged) return true
  }
  return false
}
