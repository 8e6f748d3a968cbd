// Scenarios of the user's own. Harness, workers and load are processes of their own, and all have to know them: so the modules stand in
// the environment, which every process inherits, and each loads them as it begins.
import type { Scenario } from '../contract/scenario.ts'

/** A list of URLs, as JSON. */
export const ownScenariosVariable = 'DURABENCH_SCENARIOS'

export async function ownScenarios(): Promise<readonly Scenario[]> {
  const modules = JSON.parse(process.env[ownScenariosVariable] ?? '[]') as readonly string[]
  return Promise.all(modules.map(load))
}

async function load(module: string): Promise<Scenario> {
  const { scenario } = (await import(module)) as { readonly scenario?: Scenario }
  const lacks = (['name', 'version', 'about', 'workflow', 'steps', 'transactions', 'input', 'signals', 'livenessMs', 'path', 'keptCents'] as const).filter((part) => scenario?.[part] === undefined)
  if (scenario === undefined || lacks.length > 0) throw new Error(`expected ${module} to export a whole 'scenario' (contract/scenario.ts), found ${scenario === undefined ? 'none' : `no ${lacks.join(', ')} in it`}`)
  return scenario
}
