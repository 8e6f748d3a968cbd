// What this machine lacks of what a point's faults need under its processes: such a point is left out with the reason, since a control
// that was not hurt would pass.
import type { MachineFaultKind, PlannedFault, Point, ServiceProvider } from '../contract/plan.ts'
import type { Guard } from '../processes/guard.ts'
import { groundAvailability, type GroundName } from '../services/ground/availability.ts'
import type { Addresses } from '../services/index.ts'

/** Done to a process from without, or to what it stands on; a container has its own. */
const ofProcesses: ReadonlySet<PlannedFault['kind']> = new Set<MachineFaultKind>(['clock-step', 'cpu-hog', 'fsync-hog'])

/** Empty: it lacks nothing. */
export async function machineLacks({ store, chaos }: Point, { postgres }: Addresses, guard: Guard, provider: ServiceProvider): Promise<string> {
  if (store !== undefined && postgres !== undefined) return 'its store has to stand on ground of this run, found one at an external address; leave --postgres out'
  const has = (kind: string): boolean => chaos.faults.some((fault) => fault.kind === kind)
  const grounded = chaos.faults.find(({ kind }) => ofProcesses.has(kind))
  if (provider === 'docker' && (store !== undefined || grounded !== undefined)) return `${grounded === undefined ? 'its store' : grounded.kind} needs ground under a process of this machine, found services in containers; leave --services docker out`
  const needed: GroundName[] = [
    ...(store?.disk === undefined ? [] : ['disk' as const]),
    ...(store?.shim !== undefined || has('clock-step') ? ['shim' as const] : []),
    ...(has('out-of-memory') && provider === 'embedded' ? ['memory' as const] : []),
  ]
  const found = await Promise.all(needed.map((name) => groundAvailability(name, guard)))
  return found.flatMap((one) => (one.ok ? [] : [`${one.why}; ${one.how}`])).join('; ')
}
