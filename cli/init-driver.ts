// durabench init-driver NAME: a project with a driver that works, to be turned into one's own. What it writes is examples/table-engine,
// which is tested here like every engine, so that nobody begins with code that nobody ran.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '../bench/exit.ts'
import { UsageError } from '../bench/usage.ts'
import { parse } from './options.ts'

const skeleton = fileURLToPath(new URL('../examples/table-engine/', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; private?: true; dependencies: Readonly<Record<string, string>> }

const crashTest = `// What CI runs: node --test. An agent is killed at every step and point, its store is restarted, a worker sleeps through its lease.
import { test } from 'node:test'
import { crashSuite } from 'durabench/suite'

for (const c of crashSuite(new URL('./driver.ts', import.meta.url))) test(c.name, c.run)
`
const conformanceTest = `// What the contract asks of every driver. \`lacks\` pins what the engine can't do, so that a capability lost by accident fails.
import { test } from 'node:test'
import { conformanceSuite } from 'durabench/suite'

for (const c of conformanceSuite(new URL('./driver.ts', import.meta.url), { lacks: ['transact', 'uncancellable', 'renew', 'upgrade'] })) test(c.name, c.run)
`
const config = `import { defineConfig } from 'durabench/config'

export default defineConfig({ drivers: ['./driver.ts'], require: ['./driver.ts'] })
`
const tsconfig = {
  compilerOptions: {
    target: 'es2023', module: 'nodenext', types: ['node'], strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true, verbatimModuleSyntax: true, allowImportingTsExtensions: true, noEmit: true, skipLibCheck: true,
  },
}

/** A clone, which is on no registry, is linked. */
const source = (folder: string): string => (own.private === true ? `file:${relative(folder, root)}` : own.version)

const manifest = (name: string, folder: string): object => ({
  name, private: true, type: 'module',
  scripts: { test: 'node --test --test-concurrency=1', crash: 'durabench crash', types: 'tsc' },
  dependencies: { pg: own.dependencies['pg'] },
  devDependencies: { '@types/node': '^24', '@types/pg': '^8', durabench: source(folder), typescript: '^6' },
})

export async function initDriver(argv: readonly string[]): Promise<number> {
  const { positionals: [name, ...more] } = parse(argv, {}, true)
  if (name === undefined || more.length > 0 || !/^[a-z][a-z0-9-]*$/.test(name)) throw new UsageError(`expected a name of small letters, digits and hyphens, as in: durabench init-driver my-engine; found '${[name, ...more].filter(Boolean).join(' ')}'`)
  const folder = resolve(name)
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`expected ${folder} to be new or empty, found files in it; name another, or remove it`)
  mkdirSync(folder, { recursive: true })
  for (const file of ['worker.ts', 'run.ts']) cpSync(join(skeleton, file), join(folder, file))
  const driver = readFileSync(join(skeleton, 'driver.ts'), 'utf8')
  const named = driver.replace('name: \'table\'', `name: '${name}'`).replace('title: \'table (', `title: '${name} (`).replace('{ table: \'1\' }', `{ '${name}': '1' }`)
  const files = {
    'driver.ts': named, 'crash.test.ts': crashTest, 'conformance.test.ts': conformanceTest, 'durabench.config.ts': config,
    'package.json': `${JSON.stringify(manifest(name, folder), null, 2)}\n`, 'tsconfig.json': `${JSON.stringify(tsconfig, null, 2)}\n`, '.gitignore': 'node_modules/\nresults/\n',
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  console.log(`${name}/ has a table-and-poll engine that works: driver.ts (what the harness sees), worker.ts (claims, client), run.ts (primitives).

  cd ${name} && npm install
  npm test                      conformance and crash recovery, some three minutes
  npx durabench crash           the same agent, killed at every step and point, with a report

Then make it yours: docs/add-an-engine.md says what each part owes.`)
  return exitCodes.ok
}
