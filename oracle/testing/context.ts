// The point that built logs belong to.
import type { PointContext } from '../../contract/context.ts'
import type { Capability, Promises, Support } from '../../contract/driver.ts'

const capabilities: Record<Capability, Support> = {
  step: 'native', all: 'native', transact: 'native', sleep: 'native', 'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
  child: 'native', uncancellable: 'native', renew: 'native', cancel: 'native', 'start-dedup': 'native', journal: 'native', takeover: 'native', upgrade: 'native',
}
const page = 'ours'

export function builtContext(point: Partial<PointContext['point']>, promises: Partial<Promises> = {}): PointContext {
  return {
    schemaVersion: 1, runId: 'r', seed: 1, minExposures: 30, budget: { leaseMs: 500, pollMs: 100 },
    point: {
      id: 'crash/built', leg: 'crash', driver: 'built', variant: 'default', scenario: 'purchase', params: null, workers: 2,
      load: { phases: [], followedShare: 1, doubledShare: 0, callDeadlineMs: 1_000 }, chaos: { faults: [], operatorAfterMs: 0 },
      invariants: ['admission', 'effects'], expect: 'pass', bareLedger: 'on', capSeconds: 60, ...point,
    },
    driver: {
      name: 'built', title: 'Built by a test', placement: 'embedded', capabilities, versions: { built: '1.0.0' },
      promises: {
        effects: { value: 'at-least-once', page }, cancel: { value: 'boundary', page }, orphans: { value: 'cancel', page }, startDedup: { value: 'for ever', page },
        timerGrainMs: { value: 1, page }, limits: { value: 'none', page }, recovery: { value: { who: 'engine', afterMs: 500 }, page }, fencing: { value: 'none', page }, ...promises,
      },
    },
  }
}
