// SIGTERM and a time of grace: a deploy. Proof: the process ended. Heal: a replacement that is ready.
import type { ProcessFault } from './fault.ts'

export const terminate: ProcessFault = {
  of: 'process',
  kind: 'terminate',
  about: 'SIGTERM, SIGKILL after the grace that the driver asks for; proved by the exit; healed by a replacement that reports ready',
  roles: ['worker'],
  apply: (victim) => victim.terminate(),
  heal: (victim, identity) => victim.revive(identity),
  provedByHeal: false,
}
