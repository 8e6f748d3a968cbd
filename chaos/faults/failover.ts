// The store's machine is lost for good and its standby takes over. Proof: the new primary takes writes, on a timeline of its own.
import { standing } from '../ground.ts'
import { amountOf, type MachineFault } from './fault.ts'

export const failover: MachineFault = {
  of: 'machine',
  kind: 'failover',
  about: 'the standby is away for a while, then the primary is killed for good and the standby promoted as far as it came; clients keep the address; proved by the new timeline and by how far the old primary was ahead',
  roles: ['store'],
  async hold({ ground }, planned) {
    const byMs = amountOf(planned, 'how long the standby is to be away')
    const standby = standing(ground, 'standby', 'a store with a standby')
    const saw = await standby.failOver(byMs)
    return {
      saw,
      async heal() {
        standby.moveAddress()
        await standing(ground, 'server', 'a store of this run').recover()
        return { saw: 'its address leads to the new primary' }
      },
    }
  },
}
