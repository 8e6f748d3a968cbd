// What the load process and an app say to each other on a local socket: one line of JSON a tick in each direction, an
// array of messages. An answer carries its request's number. A lost connection makes every open request `Unknown`.
import type { Json } from './json.ts'
import type { Outcome } from './driver.ts'

export type IntakeRequest =
  | readonly [n: number, op: 'start', scenario: string, id: string, input: Json, follow: 0 | 1]
  | readonly [n: number, op: 'signal', id: string, name: string, payload: Json, signalId: string]
  | readonly [n: number, op: 'cancel', id: string]
  | readonly [n: number, op: 'follow', id: string]
  | readonly [n: number, op: 'outcomes', ids: readonly string[]]

export type IntakeAnswer =
  | readonly [n: number, 'ok', value: Json]
  | readonly [n: number, 'rejected' | 'unknown' | 'bug', message: string]
  /** Follows the `ok` of a start with follow = 1, and answers `follow`. */
  | readonly [n: number, 'outcome', outcome: Outcome]
