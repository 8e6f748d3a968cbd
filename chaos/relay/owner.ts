// Whose connection is it? Workers of one engine call themselves the same, so the kernel is asked: a socket is known by its two
// ports, and by its number among the open files of a process. Linux only, as is the proof of a pause.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The one of `pids` that has the socket from `port` to `relayPort` of loopback open; null: none of them. */
export function ownerOf(port: number, relayPort: number, pids: readonly number[]): number | null {
  const socket = socketOf(port, relayPort)
  return socket === null ? null : (pids.find((pid) => openFiles(pid).includes(`socket:[${socket}]`)) ?? null)
}

/** Its number, from a table of lines like `0: 0100007F:B2C4 0100007F:1538 01 … <uid> <timeout> <number> …`. */
function socketOf(port: number, remotePort: number): string | null {
  const hex = (value: number): string => `:${value.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of textOf(table).split('\n')) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(hex(port)) === true && fields[2]?.endsWith(hex(remotePort)) === true) return fields[9]!
    }
  }
  return null
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
  } catch {
    return [] // Gone meanwhile, so nothing is open.
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // Closed meanwhile.
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // No /proc, or no IPv6.
  }
}
