// The package as npm packs it, put under node_modules of another project. What a registry would add, its dependencies, is linked
// from the clone; .ci/own-engine does the same with a real install.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'durabench-package-'))
const installed = join(project, 'node_modules', 'durabench')

interface Packed { readonly filename: string; readonly files: readonly { readonly path: string }[] }

let packed: Packed

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root, stdio: 'pipe' })
  const told = execFileSync('npm', ['pack', './dist', '--json', '--pack-destination', project], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  packed = (JSON.parse(told) as Packed[])[0]!
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', join(project, packed.filename), '-C', installed, '--strip-components=1'])
  for (const name of readdirSync(join(root, 'node_modules'))) if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
}, 120_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('the package', () => {
  it('holds no TypeScript to run, no test, and nothing of development', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths.filter((path) => /^(?!examples\/).*(?<!\.d)\.ts$|\.test\.|(^|\/)bench\/engine\/|tsconfig|eslint/.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'bin/durabench.js', 'cli/main.js', 'contract/driver.d.ts', 'services/ground/shim.c', 'services/temporal/go.sum', 'reports/page/style.css', 'reports/result.schema.json', 'findings.json']))
  })

  it('runs its command from node_modules', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'bin/durabench.js'), 'list'], { cwd: project, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/Drivers\n {2}volatile .*\n {2}homegrown /)
  })

  it('gives a driver\'s author types that compile, and nothing but what it exports', () => {
    writeFileSync(join(project, 'driver.ts'), 'import type { Driver } from \'durabench/contract/driver\'\nimport { Unknown } from \'durabench/contract/errors\'\nimport { runBody } from \'durabench/context\'\nexport const parts: [Driver | null, Error, unknown] = [null, new Unknown(\'?\'), runBody]\n')
    const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'driver.ts'], { cwd: project, encoding: 'utf8' })
    expect(tsc.stdout).toBe('')
    const inside = spawnSync(process.execPath, ['--eval', 'import("durabench/cli/main").catch((error) => console.log(error.code))'], { cwd: project, encoding: 'utf8' })
    expect(inside.stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})
