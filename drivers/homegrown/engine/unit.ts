// What is recorded, as the pump and the store see it: a unit is what one caller asks for, all of it or nothing. One flat
// shape for every kind, since a step a microsecond makes a unit each and the encoder's loop should see one hidden class.
import type { Statement } from './types.ts'

/** Values of journal.kind, and of units that write no journal row (negative). */
export const kind = {
  beat: -2, arm: -1,
  start: 0, step: 1, stepFailed: 2, rows: 3, signal: 4, timeout: 5, slept: 6, child: 7, childFailed: 8, renewed: 9,
  completed: 10, failed: 11, cancelled: 12,
} as const
export type Kind = (typeof kind)[keyof typeof kind]

/** seq of the last row of a run; its first is 0. */
export const endSeq = 2 ** 31 - 1

export interface Unit {
  readonly wf: number
  readonly seq: number
  readonly kind: Kind
  readonly name: string
  readonly data: string
  /** A start's workflow id, a signal's message id, at an end the id of the parent. */
  readonly key: string
  /** A timer's duration; a start's delay; at an end, above 0 when timers are to be removed. */
  readonly ms: number
  /** A start's that waits for room among its tenant's runs. */
  readonly tenant: string
  readonly statement: Statement | null
  /** Called when it is durable; '' but for a start (`existing`), a statement (its rows as JSON) and a time-out that did not take place (`late`). */
  resolve(answer: string): void
  reject(error: Error): void
}

/** Above this a value is refused before it reaches the store. */
export const maxDataChars = 64 * 1024 * 1024
