// Another version of the code, over runs in flight: SIGTERM and a time of grace, then a worker of that version in its place. A roll-back
// is one, too. Proof: the process ended.
import type { ProcessFault } from './fault.ts'

export const deploy: ProcessFault = {
  of: 'process',
  kind: 'deploy',
  about: 'SIGTERM, SIGKILL after the grace that the driver asks for, and in its place a worker (and an app, where those are apart) of another version of the code; proved by the exit; healed when the new version reports ready',
  roles: ['worker'],
  apply: (victim) => victim.terminate(),
  heal: (victim, identity, version) => victim.revive(identity, version),
  provedByHeal: false,
}
