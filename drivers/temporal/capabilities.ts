// What Temporal offers of the contract. Apart from driver.ts because the sandbox bundles it, and so it may import no Node code.
import type { Capability, Support } from '../../contract/driver.ts'

export const capabilities: Readonly<Record<Capability, Support>> = {
  step: 'native',
  all: 'native',
  // An activity's result goes to the server over gRPC, so its effect and its record can't share a commit.
  transact: 'absent',
  sleep: 'native',
  'signal-once': 'native',
  'signal-stream': 'native',
  'signal-early': 'native',
  // By the service's request_id, within a run of the workflow; over continue-as-new the ids seen are carried along.
  'signal-dedup': 'native',
  child: 'native',
  uncancellable: 'native',
  renew: 'native',
  cancel: 'native',
  'start-dedup': 'native',
  journal: 'native',
  takeover: 'native',
  // By a task queue for each version, which is this driver's doing.
  upgrade: 'emulated',
}
