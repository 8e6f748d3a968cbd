// What a driver lacks of what a scenario asks for: such a point is left out with the reason, it is no failure of the engine.
import type { Driver } from '../contract/driver.ts'
import type { Scenario } from '../contract/scenario.ts'
import { ownScenarioNames } from '../scenarios/index.ts'

/** Empty: it lacks nothing. */
export function lacks({ name, capabilities, bundled }: Driver, scenario: Scenario): string {
  if (bundled === true && ownScenarioNames.includes(scenario.name)) return `${name} runs bodies of a bundle that this project makes, which scenario '${scenario.name}' is not in`
  const needed = [
    ...(Object.keys(scenario.transactions).length > 0 ? ['transact' as const] : []),
    ...(scenario.compensations === undefined || scenario.cancels === undefined ? [] : ['uncancellable' as const]),
    ...(scenario.needs ?? []),
  ]
  const missing = needed.filter((capability) => capabilities[capability] === 'absent')
  return missing.length === 0 ? '' : `${name} has no ${missing.join(', no ')}, which scenario '${scenario.name}' needs`
}
