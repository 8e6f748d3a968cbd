// noisy-neighbour: see workflow.ts. Parameter: pages (default 4), what a run of the tenant that floods reads; the others read one.
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import { steps } from './steps.ts'
import { noisyNeighbour, type Order } from './workflow.ts'

/** Of so many runs in a row all but the last few are the flood's. */
const wave = { runs: 10, ofFlood: 8 }
const flood = 'flood'
const neighbours = ['anna', 'bela', 'cleo', 'dora']
const defaultPages = 4

/** Named are the first page and the report; the pages between are like the first. */
const pathOf = (pages: number): (string | null)[] => ['read', ...Array.from({ length: pages - 1 }, () => null), 'report']

export const scenario: Scenario = {
  name: 'noisy-neighbour',
  version: '1',
  about: 'Five teams share one deployment, and one of them starts an import: most of all runs are suddenly its own, each longer than the others\' too. What the four pay for that, in time and in runs that end late, says whether the engine keeps tenants apart or serves whoever shouts loudest.',
  workflow: noisyNeighbour,
  steps,
  transactions: {},
  tenantOf: (input) => (input as Order).tenant,
  input: (seed, index, params): Order => {
    const { pages = defaultPages } = (params ?? {}) as { readonly pages?: number }
    if (index % wave.runs < wave.ofFlood) return { tenant: flood, pages }
    return { tenant: neighbours[random(seed, `noisy-neighbour/${index}`).below(neighbours.length)]!, pages: 1 }
  },
  signals: () => [],
  livenessMs: 120_000,
  path: pathOf(defaultPages),
  pathOf: (input) => pathOf((input as Order).pages),
  keptCents: () => null,
}
