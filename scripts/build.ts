// npm run build: makes the package, which is the folder dist/ as it is published. It has the clone's layout with JavaScript in place
// of TypeScript, since Node strips no types under node_modules; so a path from one file to another holds in both, and only
// extensions differ. What it would import and not bring along is refused here, not found by its first user.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  /** In the clone files, in the package files and their types. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly [field: string]: unknown
}

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** What only a clone can do, or must not. */
const ofTheClone = ['private', 'scripts', 'devDependencies', 'allowScripts', 'overrides']
const alongside = ['README.md', 'CHANGELOG.md', 'LICENSE', 'docs', 'bin', 'findings.json', ...['driver', 'run', 'worker'].map((file) => `examples/table-engine/${file}.ts`)]

/** Files that code reads beside itself, as they are. */
function assets(): string[] {
  const rooms = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const tracked = execFileSync('git', ['ls-files', '--', ...rooms], { cwd: root, encoding: 'utf8' }).split('\n')
  return tracked.filter((file) => file !== '' && !/\.(ts|md)$/.test(file) && !/^bench\/engine\//.test(file))
}

function manifest(): Manifest {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const emitted = Object.entries(own.exports).map(([name, file]): [string, Manifest['exports'][string]] => {
    const stem = (file as string).replace(/\.ts$/, '')
    return [name, { types: `${stem}.d.ts`, default: `${stem}.js` }]
  })
  const kept = Object.fromEntries(Object.entries(own).filter(([field]) => !ofTheClone.includes(field)))
  return { ...kept, exports: Object.fromEntries(emitted) } as unknown as Manifest
}

/** Each import of the emitted code, from where, that is no builtin, no file of the package and no dependency of it. */
function strays({ dependencies, peerDependencies }: Manifest, files: readonly string[]): string[] {
  const known = new Set([...builtinModules, ...Object.keys(dependencies), ...Object.keys(peerDependencies)])
  return files.filter((file) => file.endsWith('.js')).flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true)
    return importedFiles.map(({ fileName }) => fileName).filter((name) => {
      if (name.startsWith('.')) return !files.includes(join(dirname(file), name))
      return !name.startsWith('node:') && !known.has(name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/'))
    }).map((name) => `${relative(dist, file)} imports ${name}`)
  })
}

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [fileURLToPath(import.meta.resolve('typescript/bin/tsc')), '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
for (const file of assets()) {
  mkdirSync(dirname(join(dist, file)), { recursive: true })
  cpSync(join(root, file), join(dist, file))
}
for (const file of alongside) cpSync(join(root, file), join(dist, file), { recursive: true })
const published = manifest()
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)

const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((file) => join(dist, file))
const wrong = [
  ...strays(published, files).map((stray) => `${stray}, which the package does not bring: make it a dependency, or keep it out of what tsconfig.build.json reaches`),
  // The example is text to `init-driver`, which copies it.
  ...files.filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith(join(dist, 'examples'))).map((file) => `${relative(dist, file)} is TypeScript, which Node does not run under node_modules`),
]
if (wrong.length > 0) {
  console.error(`expected a package that stands alone, found:\n${wrong.map((line) => `  ${line}`).join('\n')}`)
  process.exit(1)
}
console.log(`dist/: ${files.length} files; pack it with: npm pack ./dist`)
