// SIGSTOP, later SIGCONT: a long garbage collection, a frozen VM, a zombie. Proof: /proc shows state T for the process.
import type { ProcessFault } from './fault.ts'

export const pause: ProcessFault = {
  of: 'process',
  kind: 'pause',
  about: 'SIGSTOP of the process group, later SIGCONT; proved by state T in /proc; healed by SIGCONT',
  roles: ['worker', 'engine-server', 'store'],
  apply: (victim) => victim.pause(),
  heal: (victim) => victim.resume(),
  provedByHeal: false,
}
