// What strikes and others know of a connection through the relay, and what they can do with a unit that was stopped on it.
import type { Answer } from './answers.ts'
import type { Unit } from './units.ts'

/** What others may know of a connection. */
export interface Peer {
  readonly application: string
  /** The client's own port: by it the kernel tells whose it is. */
  readonly port: number
  /** The server's process for it; 0 before it said so. */
  readonly backend: number
  /** How many units ended so far, of all connections, when this one last committed; 0: never. */
  readonly lastCommit: number
  /** Resolves with the server's last error when it has closed. */
  readonly serverClosed: Promise<string | null>
}

/** A unit that was stopped on its way; nothing of it went to the server, and nothing more of the client comes in. */
export interface Stopped {
  readonly peer: Peer
  readonly unit: Unit
  readonly bytes: Buffer
  /** Everything before it was answered. Rejects when either side is gone. */
  before(): Promise<void>
  deliver(bytes: Buffer): Promise<void>
  /** Of this unit; the client does not see it. Rejects when the server is gone. */
  answer(): Promise<Answer>
  cutClient(): void
  /** Ends the connection to the server; resolves when it has closed too. */
  cutServer(): Promise<string | null>
  /** It goes on as if nothing had been. */
  letGo(): void
}
