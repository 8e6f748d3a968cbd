// The pure bodies alone, by scenario name (a later version: `name@version`): what an engine with a sandbox bundles. Nothing here may import steps.
import type { Workflow } from '../contract/scenario.ts'
import { approvalInbox } from './approval-inbox/workflow.ts'
import { approvalRace } from './approval-race/workflow.ts'
import { bareSteps } from './bare-steps/workflow.ts'
import { bigPayload } from './big-payload/workflow.ts'
import { chat } from './chat/workflow.ts'
import { children } from './children/workflow.ts'
import { flaky } from './flaky/workflow.ts'
import { noisyNeighbour } from './noisy-neighbour/workflow.ts'
import { patrol } from './patrol/workflow.ts'
import { poison } from './poison/workflow.ts'
import { purchase } from './purchase/workflow.ts'
import { reminders } from './reminders/workflow.ts'
import { research } from './research/workflow.ts'
import { saga } from './saga/workflow.ts'
import { script } from './script/workflow.ts'
import { timerStorm } from './timer-storm/workflow.ts'
import { toolLoop } from './tool-loop/workflow.ts'
import { transfer } from './transfer/workflow.ts'
import { upgrade, upgradeNext } from './upgrade/workflow.ts'

export const workflows: Readonly<Record<string, Workflow>> = {
  'approval-inbox': approvalInbox, 'approval-race': approvalRace, 'bare-steps': bareSteps, 'big-payload': bigPayload, chat, children, flaky,
  'noisy-neighbour': noisyNeighbour, patrol, poison, purchase, reminders, research, saga, script, 'timer-storm': timerStorm, 'tool-loop': toolLoop, transfer, upgrade,
  'upgrade@2': upgradeNext,
}
