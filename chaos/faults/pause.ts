// SIGSTOP, later SIGCONT: a long garbage collection, a frozen VM, a zombie. Proof: /proc shows state T for the process. Of a container it
// is the engine's freezer, and the proof is its word.
import type { ProcessFault } from './fault.ts'

export const pause: ProcessFault = {
  of: 'process',
  kind: 'pause',
  about: 'SIGSTOP of the process group, later SIGCONT; proved by state T in /proc; healed by SIGCONT (a container is frozen by its engine, which says so)',
  roles: ['worker', 'engine-server', 'store'],
  apply: (victim) => victim.pause(),
  heal: (victim) => victim.resume(),
  provedByHeal: false,
}
