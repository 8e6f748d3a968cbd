// Between whom an engine's bytes go, and what Toxiproxy can do to them there.
import type { LinkName, Toxic } from '../../contract/plan.ts'

export const toxics: readonly Toxic[] = ['latency', 'bandwidth', 'slicer', 'reset-peer', 'down', 'timeout']

/** What a worker of that engine keeps its record by. */
export function recordLink(driver: string): LinkName {
  return driver === 'temporal' ? 'worker-engine' : 'worker-store'
}

/** Those that Toxiproxy can stand on. */
export function linksOf(driver: string): readonly LinkName[] {
  return driver === 'temporal' ? ['worker-engine', 'engine-store', 'app-engine'] : ['worker-store']
}
