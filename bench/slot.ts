// A worker's or app's place in the fleet: its process changes, by deaths and by deploys, the place stays.
import type { Role } from '../contract/logs.ts'
import type { Owned } from '../processes/spawn.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface Slot {
  readonly role: Role
  readonly index: number
  identity: string
  /** Of the code that its next process runs. */
  version: string
  incarnation: string
  process: WorkerProcess | null
  unaskedDeaths: number
  ready: PromiseWithResolvers<void>
}

/** Every point begins with this version. */
const firstVersion = '1'

export function emptySlots(role: Role, count: number): Slot[] {
  return Array.from({ length: count }, (_, index) => ({
    role, index, identity: `${role}${index}`, version: firstVersion, incarnation: '', process: null, unaskedDeaths: 0, ready: Promise.withResolvers(),
  }))
}

/** The message that Node printed for what escaped; its stack is in the log. */
export function errorIn(owned: Owned): string {
  const line = owned.lastLines(40).split('\n').find((text) => /^\w*Error\b.*: /.test(text))
  return line === undefined ? '' : `, ${line}`
}
