// What noisy neighbours have in common.
import type { MachineFaultKind } from '../../contract/plan.ts'
import { standing, type Neighbours } from '../ground.ts'
import type { MachineFault } from './fault.ts'

export function neighbourly(kind: MachineFaultKind, which: Parameters<Neighbours['start']>[0], about: string): MachineFault {
  return {
    of: 'machine',
    kind, about,
    roles: ['store'],
    async hold({ ground }) {
      const neighbours = await standing(ground, 'neighbours', 'a store of this run').start(which)
      return { saw: neighbours.saw, heal: async () => ({ saw: await neighbours.end() }) }
    },
  }
}
