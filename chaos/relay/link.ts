// The relay as faults see it: aimed at a worker's slot instead of at a connection.
import { setTimeout as delay } from 'node:timers/promises'
import type { LinkStrike, PlannedFault } from '../../contract/plan.ts'
import type { Link, Struck, Worker } from '../stage.ts'
import { ownerOf } from './owner.ts'
import type { Relay } from './relay.ts'
import type { Peer } from './peer.ts'

const pollMs = 50

/** `workers`: the processes in the slots right now. */
export function createLink(relay: Relay, workers: () => readonly Worker[]): Link {
  const relayPort = Number(new URL(relay.url).port)
  // A connection has one owner for good. Whoever is no worker's now was opened by the harness, or by a worker that is dead.
  const owners = new WeakMap<Peer, Worker | null>()

  function workerOf(peer: Peer): Worker | null {
    let owner = owners.get(peer)
    if (owner === undefined) {
      const living = workers()
      const pid = ownerOf(peer.port, relayPort, living.map((worker) => worker.pid))
      owners.set(peer, (owner = living.find((worker) => worker.pid === pid) ?? null))
    }
    return owner
  }

  const isOf = (peer: Peer, slot: PlannedFault['slot']): boolean => {
    const worker = workerOf(peer)
    return worker !== null && (typeof slot !== 'number' || worker.slot === slot)
  }

  const connected = (slot: PlannedFault['slot']): Peer[] =>
    relay.peers.filter((peer) => peer.backend !== 0 && isOf(peer, slot)).sort((a, b) => b.lastCommit - a.lastCommit)

  return {
    async strike(strike: LinkStrike, slot, nth, signal) {
      const { peer, ...hit } = await relay.strike(strike, { nth, wants: (peer) => isOf(peer, slot) }, signal)
      return { worker: workerOf(peer)!, ...hit }
    },
    async terminateBackend(slot, nth, signal): Promise<Struck> {
      for (;;) {
        const found = connected(slot)
        const peer = found[(nth - 1) % found.length]
        const atMs = Number(process.hrtime.bigint()) / 1e6
        // Workers that are all dead at this moment come back, and so does a store; a backend may end by itself meanwhile.
        const error = peer && (await relay.terminateBackend(peer).catch(() => undefined))
        if (peer && error !== undefined) return { worker: workerOf(peer)!, atMs, saw: `${peer.application}: backend ${peer.backend} ended with ${error}` }
        await delay(pollMs, undefined, { signal })
      }
    },
  }
}
