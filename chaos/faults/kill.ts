// kill -9 of a worker's process group. Proof: the kernel reports the exit by SIGKILL. Heal: a replacement that is ready.
import type { ProcessFault } from './fault.ts'

export const kill: ProcessFault = {
  of: 'process',
  kind: 'kill',
  about: 'kill -9 of the process group, or of all of a container; proved by the exit by SIGKILL; healed by a replacement that reports ready',
  roles: ['worker'],
  apply: (victim) => victim.kill(),
  heal: (victim, identity) => victim.revive(identity),
  provedByHeal: false,
}
