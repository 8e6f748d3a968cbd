// The one fault that can show that data is durable: what the store had only told the kernel is gone. kill -9 can't, since the kernel
// lives on. Proof: of two files written just before, the synced one is there and the other one is not.
import { standing } from '../ground.ts'
import type { MachineFault } from './fault.ts'

export const powerCut: MachineFault = {
  of: 'machine',
  kind: 'power-cut',
  about: 'stops the file system of the store\'s own disk without a flush, kill -9 of the store, then unmount, fsck, mount and start; proved by a file that was not synced and is gone, while a synced one is there',
  roles: ['store'],
  prepare: ({ ground }, { id }) => standing(ground, 'disk', 'a store on a disk of its own').beforeCut(id),
  async hold(victim) {
    const disk = standing(victim.ground, 'disk', 'a store on a disk of its own')
    standing(victim.ground, 'server', 'a store of this run').mayEnd()
    await disk.cut()
    await victim.kill()
    return {
      saw: null,
      async heal() {
        const saw = await disk.restore()
        await victim.revive('same')
        return { saw }
      },
    }
  },
}
