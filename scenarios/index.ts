// Every scenario that ships, by name.
import type { Scenario } from '../contract/scenario.ts'
import { scenario as approvalInbox } from './approval-inbox/index.ts'
import { scenario as approvalRace } from './approval-race/index.ts'
import { scenario as bareSteps } from './bare-steps/index.ts'
import { scenario as chat } from './chat/index.ts'
import { scenario as children } from './children/index.ts'
import { scenario as purchase } from './purchase/index.ts'
import { scenario as script } from './script/index.ts'
import { scenario as transfer } from './transfer/index.ts'

export const scenarios: ReadonlyMap<string, Scenario> = new Map([approvalInbox, approvalRace, bareSteps, chat, children, purchase, script, transfer].map((s) => [s.name, s]))
