// A worker that runs out of memory, in the midst of its work. Proof: how it ended, and its own last words or the kernel's count.
import { standing } from '../ground.ts'
import type { MachineFault } from './fault.ts'

export const outOfMemory: MachineFault = {
  of: 'machine',
  kind: 'out-of-memory',
  about: 'a running worker is told to leak and gets no more address space (RLIMIT_AS), or in a container less memory than it has, so that its next allocations fail; proved by its end, which nobody asked for, and its last words about memory (in a container: its engine\'s); healed by a replacement that reports ready',
  roles: ['worker'],
  async hold(victim, { heal: { identity } }) {
    const { saw, outOfMemory: proved } = await standing(victim.ground, 'memory', 'a worker of this run').starve()
    if (!proved) {
      await victim.revive(identity)
      throw new Error(`expected the worker to run out of memory, found ${saw}`)
    }
    return {
      saw,
      async heal() {
        await victim.revive(identity)
        return { saw: 'a replacement is ready' }
      },
    }
  },
}
