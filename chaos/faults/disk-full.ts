// A disk without room. Postgres stops rather than lose its log; what matters is that nothing that was promised is gone afterwards.
// Proof: the store's own complaint, in its log.
import { standing } from '../ground.ts'
import type { MachineFault } from './fault.ts'

const complaintMs = 10_000

export const diskFull: MachineFault = {
  of: 'machine',
  kind: 'disk-full',
  about: 'fills the store\'s own disk to the last block, later gives the room back and starts the store where it has stopped; proved by its own complaint that no space is left',
  roles: ['store'],
  async hold({ ground }) {
    const server = standing(ground, 'server', 'a store of this run')
    const disk = standing(ground, 'disk', 'a store on a disk of its own')
    const complaint = server.logs(/no space left on device/i, complaintMs)
    complaint.catch(() => undefined)
    server.mayEnd()
    const free = await disk.fill()
    try {
      return {
        saw: `${free}: ${await complaint}`,
        async heal() {
          await disk.makeRoom()
          await server.recover()
          return { saw: 'the store answers' }
        },
      }
    } catch (error) {
      await disk.makeRoom()
      await server.recover()
      throw error
    }
  },
}
