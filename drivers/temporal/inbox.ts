// Signals that arrived and were not consumed, by name. The SDK buffers those that come before the handler, and the handler is
// set before the body's first line, so an early signal waits here. The server deduplicates by request id within a run; a
// renewed run starts with an empty memory there, so the ids seen so far travel along.
import { setDefaultSignalHandler } from '@temporalio/workflow'
import type { SignalEnvelope } from '../../contract/logs.ts'

/** What a renewed run is given: signals not yet consumed, and the ids of all. */
export type Carried = {
  readonly waiting: readonly (readonly [name: string, envelope: SignalEnvelope])[]
  readonly seen: readonly string[]
}

export interface Inbox {
  has(name: string): boolean
  take(name: string): SignalEnvelope
  carry(): Carried
}

export function createInbox(carried: Carried = { waiting: [], seen: [] }): Inbox {
  const waiting = [...carried.waiting]
  const seen = [...carried.seen]
  const before = new Set(carried.seen)
  setDefaultSignalHandler((name, argument) => {
    const envelope = argument as SignalEnvelope
    if (before.has(envelope.s)) return
    waiting.push([name, envelope])
    seen.push(envelope.s)
  })
  const find = (name: string): number => waiting.findIndex(([n]) => n === name)
  return {
    has: (name) => find(name) >= 0,
    take: (name) => waiting.splice(find(name), 1)[0]![1],
    carry: () => ({ waiting, seen }),
  }
}
