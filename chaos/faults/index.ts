// Every fault that there is, by kind.
import type { PlannedFault } from '../../contract/plan.ts'
import type { Fault } from './fault.ts'
import { kill } from './kill.ts'
import { pause } from './pause.ts'
import { restart } from './restart.ts'
import { terminate } from './terminate.ts'

export const faults: Readonly<Record<PlannedFault['kind'], Fault>> = { kill, pause, restart, terminate }
