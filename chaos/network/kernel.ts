// What the kernel says of a network, read from /proc of a process in it: packets per cable, and which connections wait for an answer.
import { readFileSync } from 'node:fs'

/** Ticks of /proc/net/tcp: USER_HZ, fixed for user space on Linux. */
const tickMs = 10
const established = '01'
const retransmitting = '01'

export interface Packets {
  readonly received: number
  readonly sent: number
}

/** By cable's name. */
export function packetsOf(pid: number): ReadonlyMap<string, Packets> {
  const lines = readFileSync(`/proc/${pid}/net/dev`, 'latin1').split('\n').slice(2)
  return new Map(lines.flatMap((line) => {
    const [name, ...fields] = line.trim().split(/[:\s]+/)
    return name === undefined || name === '' ? [] : [[name, { received: Number(fields[1]), sent: Number(fields[9]) }] as const]
  }))
}

/** A connection of which something was sent that is not acknowledged: TCP sends it again later and later. */
export interface Unanswered {
  /** Both ends, which name it. */
  readonly id: string
  /** Until TCP tries again; nothing goes on over it before that. */
  readonly nextTryMs: number
}

/** In the network of that process: connections between these two, either of which may be this end. */
export function unanswered(pid: number, address: string, port: number): Unanswered[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  // An address stands there as the machine's own number, and every machine that we run on is little-endian.
  const hexAddress = address.split('.').reverse().map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('')
  return readFileSync(`/proc/${pid}/net/tcp`, 'latin1').split('\n').slice(1).flatMap((line) => {
    const [, local, remote, state, , timer, tries] = line.trim().split(/\s+/)
    if (local === undefined || remote === undefined || state !== established) return []
    if (![local, remote].some((end) => end.endsWith(`:${hexPort}`)) || ![local, remote].some((end) => end.startsWith(`${hexAddress}:`))) return []
    const [kind, ticks] = timer!.split(':')
    // Waiting for the first answer is how a busy connection looks, too.
    if (kind !== retransmitting || Number.parseInt(tries!, 16) === 0) return []
    return [{ id: `${local} ${remote}`, nextTryMs: Number.parseInt(ticks!, 16) * tickMs }]
  })
}
