// Every fault that there is, by kind.
import type { PlannedFault } from '../../contract/plan.ts'
import { bandwidth } from './bandwidth.ts'
import { clockStep } from './clock-step.ts'
import { cpuHog } from './cpu-hog.ts'
import { cutAnswer } from './cut-answer.ts'
import { cutBatch } from './cut-batch.ts'
import { cutRequest } from './cut-request.ts'
import { deploy } from './deploy.ts'
import { diskFull } from './disk-full.ts'
import { down } from './down.ts'
import { failingFsync } from './failing-fsync.ts'
import { failover } from './failover.ts'
import type { Fault } from './fault.ts'
import { fsyncHog } from './fsync-hog.ts'
import { holdCommit } from './hold-commit.ts'
import { kill } from './kill.ts'
import { latency } from './latency.ts'
import { outOfMemory } from './out-of-memory.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { powerCut } from './power-cut.ts'
import { resetPeer } from './reset-peer.ts'
import { restart } from './restart.ts'
import { slicer } from './slicer.ts'
import { slowFsync } from './slow-fsync.ts'
import { terminate } from './terminate.ts'
import { terminateBackend } from './terminate-backend.ts'
import { timeout } from './timeout.ts'

export const faults: Readonly<Record<PlannedFault['kind'], Fault>> = {
  deploy, kill, partition, pause, restart, terminate,
  'cut-request': cutRequest, 'cut-answer': cutAnswer, 'cut-batch': cutBatch, 'hold-commit': holdCommit, 'terminate-backend': terminateBackend,
  latency, bandwidth, slicer, 'reset-peer': resetPeer, down, timeout,
  'power-cut': powerCut, 'disk-full': diskFull, 'slow-fsync': slowFsync, 'failing-fsync': failingFsync, failover,
  'clock-step': clockStep, 'out-of-memory': outOfMemory, 'cpu-hog': cpuHog, 'fsync-hog': fsyncHog,
}
