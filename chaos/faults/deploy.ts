// Another version of the code, over runs in flight: SIGTERM and a time of grace, then a worker of that version in its place. A roll-back
// is one, too. Proof: the process ended.
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessFault } from './fault.ts'

/** Clients that were cut off look for it again every so often: what begins after the deploy is to begin with it. */
const foundAgainMs = 1_000

export const deploy: ProcessFault = {
  of: 'process',
  kind: 'deploy',
  about: 'SIGTERM, SIGKILL after the grace that the driver asks for, and in its place a worker (and an app, where those are apart) of another version of the code; proved by the exit; healed when the new version is ready and clients have found it',
  roles: ['worker'],
  apply: (victim) => victim.terminate(),
  async heal(victim, identity, version) {
    await victim.revive(identity, version)
    await delay(foundAgainMs)
  },
  provedByHeal: false,
}
