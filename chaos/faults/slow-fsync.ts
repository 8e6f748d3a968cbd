// A disk that takes its time: a neighbour on the same device, a battery gone. Proof: the shim counts the calls it held up.
import { setTimeout as delay } from 'node:timers/promises'
import { standing } from '../ground.ts'
import { amountOf, type MachineFault } from './fault.ts'

const proofMs = 10_000
const pollMs = 50

export const slowFsync: MachineFault = {
  of: 'machine',
  kind: 'slow-fsync',
  about: 'each fsync of the store takes longer, through a shim between it and the C library; proved by the calls that the shim held up, counted in the store\'s own processes',
  roles: ['store'],
  async hold({ ground }, planned) {
    const byMs = amountOf(planned, 'how long each fsync is to take more')
    const shim = standing(ground, 'shim', 'a store whose fsync goes through the shim')
    const before = shim.met().fsyncs
    const heldUp = (): number => shim.met().fsyncs - before
    shim.slowFsync(byMs)
    for (const deadline = performance.now() + proofMs; heldUp() === 0; await delay(pollMs)) {
      if (performance.now() < deadline) continue
      shim.slowFsync(0)
      throw new Error(`expected the store to call fsync within ${proofMs / 1_000} s, found no call`)
    }
    return {
      saw: `fsync takes ${byMs} ms more`,
      async heal() {
        shim.slowFsync(0)
        return { saw: `${heldUp()} calls were held up` }
      },
    }
  },
}
