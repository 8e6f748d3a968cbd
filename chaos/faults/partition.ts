// Packets between a worker and a service are lost without a word, in both directions or in one. Proof: from inside the worker's network
// nobody answers, and the router counted what it kept. Healed when connections that had fallen silent have moved on, for TCP tries
// again later and later: that stall is told apart, since it is nobody's recovery.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Direction, LinkName, PlannedFault } from '../../contract/plan.ts'
import type { Wire } from '../network/wires.ts'
import type { Held, Network } from '../stage.ts'
import type { NetworkFault } from './fault.ts'

const probeMs = 500
const pollMs = 20
const answerMs = 5_000
/** TCP's longest pause between two tries is 120 s; a partition of seconds is far from it. */
const stallCapMs = 30_000

export const partition: NetworkFault = {
  of: 'network',
  kind: 'partition',
  about: 'a router swallows every packet between a worker and a service, one way or both, so that no kernel acknowledges them; proved by a connect from inside the worker\'s network that nobody answers, and by the router\'s counts; healed when the connections that were silent go on, with their stall told apart',
  roles: ['worker'],
  hold,
}

async function hold(network: Network, { link, direction = 'both' }: PlannedFault & { readonly link: LinkName }, slot: number | null): Promise<Held> {
  const wires = network.wires()
  const wire = wires.of(slot!)
  const port = portOf(wires.ports, link)
  const before = wire.swallowed()
  await wire.cut(port, direction)
  try {
    const saw = await proof(wire, port, direction, before)
    return { saw, heal: () => heal(wire, port, direction, before) }
  } catch (error) {
    await wire.mend(port, direction)
    throw error
  }
}

function portOf(ports: ReadonlyMap<LinkName, number>, link: LinkName): number {
  const port = ports.get(link)
  if (port === undefined) throw new Error(`expected a link that begins at a worker (${[...ports.keys()].join(', ')}), found ${link}`)
  return port
}

async function proof(wire: Wire, port: number, direction: Direction, before: { out: number; in: number }): Promise<string> {
  const ms = await wire.connectMs(port, probeMs)
  if (ms !== null) throw new Error(`expected nobody to answer a worker that is cut off, found a connection after ${ms} ms`)
  const now = wire.swallowed()
  const [out, back] = [now.out - before.out, now.in - before.in]
  const expected = direction === 'out' ? out > 0 && back === 0 : direction === 'in' ? back > 0 && out === 0 : out > 0
  if (!expected) throw new Error(`expected the router to swallow ${wordsOf(direction)}, found ${out} from the worker and ${back} to it`)
  return `a connect from inside got no answer in ${probeMs} ms; swallowed at once: ${out} packets from the worker, ${back} to it`
}

async function heal(wire: Wire, port: number, direction: Direction, before: { out: number; in: number }): Promise<{ saw: string; stallMs: number }> {
  const silent = wire.unanswered(port)
  const after = wire.swallowed()
  await wire.mend(port, direction)
  const mendedMs = performance.now()
  const ms = await wire.connectMs(port, answerMs)
  if (ms === null) throw new Error(`expected an answer within ${answerMs} ms once packets pass again, found none`)
  const left = (): number => {
    const now = wire.unanswered(port)
    return silent.filter(({ id }) => now.some((other) => other.id === id)).length
  }
  while (left() > 0 && performance.now() - mendedMs < stallCapMs) await sleep(pollMs)
  const stallMs = silent.length === 0 ? 0 : Math.round(performance.now() - mendedMs)
  const longestMs = Math.max(0, ...silent.map(({ nextTryMs }) => nextTryMs))
  return {
    stallMs,
    saw: `swallowed in all: ${after.out - before.out} packets from it, ${after.in - before.in} to it; once mended a connect took ${ms} ms, and ${silent.length} silent connections ${stallMs} ms to go on (TCP's next try was due in ${longestMs} ms)`,
  }
}

function wordsOf(direction: Direction): string {
  return direction === 'both' ? 'packets' : `packets ${direction === 'out' ? 'from' : 'to'} the worker and no others`
}
