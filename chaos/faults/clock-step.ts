// Somebody sets the date, or a virtual machine wakes up. The wall clock of one victim jumps; monotonic clocks don't, as on a real
// machine. Proof: the victim's own processes read the clock that was stepped, counted by the shim.
import { setTimeout as delay } from 'node:timers/promises'
import { standing } from '../ground.ts'
import { amountOf, type MachineFault } from './fault.ts'

const proofMs = 5_000
const pollMs = 20

export const clockStep: MachineFault = {
  of: 'machine',
  kind: 'clock-step',
  about: 'the wall clock of the victim alone jumps forward or back, later back to the host\'s, through a shim between it and the C library; proved by the readings of it in the victim\'s own processes, which the shim counts',
  roles: ['worker', 'store'],
  async hold({ ground }, planned) {
    const byMs = amountOf(planned, 'by how much the clock is to jump')
    const shim = standing(ground, 'shim', 'a victim whose clock goes through the shim')
    const before = shim.met().clockReads
    const readings = (): number => shim.met().clockReads - before
    shim.stepClock(byMs)
    for (const deadline = performance.now() + proofMs; readings() === 0; await delay(pollMs)) {
      if (performance.now() < deadline) continue
      shim.stepClock(0)
      throw new Error(`expected the victim to read its clock within ${proofMs / 1_000} s, found no reading`)
    }
    return {
      saw: `its clock is ${Math.abs(byMs) / 1e3} s ${byMs < 0 ? 'behind' : 'ahead'}`,
      async heal() {
        const read = readings()
        shim.stepClock(0)
        return { saw: `read ${read} times` }
      },
    }
  },
}
