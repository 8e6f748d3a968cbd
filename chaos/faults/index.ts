// Every fault that there is, by kind.
import type { PlannedFault } from '../../contract/plan.ts'
import { cutAnswer } from './cut-answer.ts'
import { cutBatch } from './cut-batch.ts'
import { cutRequest } from './cut-request.ts'
import type { Fault } from './fault.ts'
import { holdCommit } from './hold-commit.ts'
import { kill } from './kill.ts'
import { pause } from './pause.ts'
import { restart } from './restart.ts'
import { terminate } from './terminate.ts'
import { terminateBackend } from './terminate-backend.ts'

export const faults: Readonly<Record<PlannedFault['kind'], Fault>> = {
  kill, pause, restart, terminate,
  'cut-request': cutRequest, 'cut-answer': cutAnswer, 'cut-batch': cutBatch, 'hold-commit': holdCommit, 'terminate-backend': terminateBackend,
}
