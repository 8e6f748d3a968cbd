// Every scenario by name: those that ship, and those of the user's own.
import type { Scenario } from '../contract/scenario.ts'
import { ownScenarios } from './own.ts'
import { scenario as approvalInbox } from './approval-inbox/index.ts'
import { scenario as approvalRace } from './approval-race/index.ts'
import { scenario as bareSteps } from './bare-steps/index.ts'
import { scenario as bigPayload } from './big-payload/index.ts'
import { scenario as chat } from './chat/index.ts'
import { scenario as children } from './children/index.ts'
import { scenario as flaky } from './flaky/index.ts'
import { scenario as noisyNeighbour } from './noisy-neighbour/index.ts'
import { scenario as patrol } from './patrol/index.ts'
import { scenario as poison } from './poison/index.ts'
import { scenario as purchase } from './purchase/index.ts'
import { scenario as reminders } from './reminders/index.ts'
import { scenario as research } from './research/index.ts'
import { scenario as saga } from './saga/index.ts'
import { scenario as script } from './script/index.ts'
import { scenario as timerStorm } from './timer-storm/index.ts'
import { scenario as toolLoop } from './tool-loop/index.ts'
import { scenario as transfer } from './transfer/index.ts'
import { scenario as upgrade } from './upgrade/index.ts'

const shipped: readonly Scenario[] = [
  approvalInbox, approvalRace, bareSteps, bigPayload, chat, children, flaky, noisyNeighbour, patrol, poison, purchase, reminders, research,
  saga, script, timerStorm, toolLoop, transfer, upgrade,
]

const own = await ownScenarios()
for (const { name } of own) if (shipped.some((known) => known.name === name)) throw new Error(`expected a scenario of your own to have a name of its own, found '${name}', which ships; rename it`)

/** Names of the user's own. */
export const ownScenarioNames: readonly string[] = own.map(({ name }) => name)

export const scenarios: ReadonlyMap<string, Scenario> = new Map([...shipped, ...own].map((s) => [s.name, s]))
