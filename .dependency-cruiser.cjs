// The import rules of docs/architecture.md: downwards only, no cycle. Tests are free, since they put rooms together.
const rooms = [
  ['contract', []],
  ['scenarios', ['contract']],
  ['world', ['contract']],
  ['processes', ['contract']],
  ['worker', ['contract', 'scenarios', 'world', 'processes']],
  ['drivers', ['contract', 'scenarios', 'world', 'processes', 'worker']],
  ['services', ['contract', 'scenarios', 'world', 'processes', 'worker', 'drivers']],
  ['load', ['contract', 'scenarios', 'world', 'processes']],
  ['oracle', ['contract', 'scenarios']],
  ['chaos', ['contract', 'scenarios', 'processes', 'worker']],
  ['bench', ['contract', 'scenarios', 'world', 'processes', 'worker', 'drivers', 'services', 'load', 'oracle', 'chaos']],
  ['reports', ['contract']],
  ['selftest', ['contract', 'scenarios', 'world', 'processes', 'worker', 'drivers', 'services', 'load', 'oracle', 'chaos', 'bench']],
  ['suite', ['contract', 'scenarios', 'world', 'processes', 'worker', 'drivers', 'services', 'load', 'oracle', 'chaos', 'bench']],
]
const every = [...rooms.map(([name]) => name), 'cli']
const test = '[.](test|test-data)[.]ts$|/testing/'

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    ...rooms.map(([name, below]) => ({
      name: `${name}-imports-downwards`,
      severity: 'error',
      from: { path: `^${name}/`, pathNot: test },
      to: { path: `^(${every.filter((room) => room !== name && !below.includes(room)).join('|')})/` },
    })),
    {
      name: 'no-driver-imports-another',
      severity: 'error',
      from: { path: '^drivers/([^/]+)/', pathNot: test },
      to: { path: '^drivers/([^/]+)/', pathNot: '^drivers/($1|conformance)/' },
    },
    {
      name: 'drivers-take-only-context-of-worker',
      severity: 'error',
      from: { path: '^drivers/', pathNot: `${test}|^drivers/conformance/` },
      to: { path: '^worker/', pathNot: '^worker/context[.]ts$' },
    },
    {
      name: 'workflows-are-pure',
      severity: 'error',
      from: { path: '^scenarios/.*workflows?[.]ts$' },
      to: { pathNot: '^contract/|^scenarios/.*workflow[.]ts$' },
    },
    {
      name: 'suite-door-stands-alone',
      comment: 'It is loaded by any test runner, on a Node that does not run the rest.',
      severity: 'error',
      from: { path: '^suite/(index|wire)[.]ts$' },
      to: { pathNot: '^([a-z_:]+|suite/wire[.]ts)$' },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      from: { path: '^drivers/homegrown/engine/', pathNot: test },
      to: { path: '^(?!drivers/homegrown/engine/|contract/(json|errors)[.]ts|node_modules/|[a-z_:]+$)' },
    },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] } },
}
