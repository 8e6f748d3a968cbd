// Builds the workflow bundle, straight from the TypeScript sources. Once a process: webpack takes seconds, and neither sources
// nor policies change between two points of a run.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { moduleBeside } from '../../contract/beside.ts'
import type { Policies } from './info.ts'

const built = new Map<string, Promise<string>>()

/** Writes the bundle to `path`. */
export async function writeBundle(path: string, policies: Policies): Promise<void> {
  const literal = JSON.stringify(policies)
  await mkdir(dirname(path), { recursive: true })
  const code = built.get(literal) ?? build(dirname(path), literal)
  built.set(literal, code)
  code.catch(() => built.delete(literal))
  await writeFile(path, await code)
}

/** The entry is written, not kept: its default export is what the SDK runs for every workflow type. */
async function build(within: string, policies: string): Promise<string> {
  const folder = await mkdtemp(join(within, 'bundle-'))
  try {
    // Webpack looks for the SDK from the entry's folder upwards.
    const sdk = createRequire(import.meta.url).resolve('@temporalio/workflow/package.json')
    await symlink(join(dirname(sdk), '../..'), join(folder, 'node_modules'), 'junction')
    const entry = join(folder, 'entry.js')
    const workflows = fileURLToPath(moduleBeside(import.meta.url, './workflows'))
    await writeFile(entry, `import { scenarioWorkflow } from ${JSON.stringify(workflows)}\nexport default scenarioWorkflow(${policies})\n`)
    const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: new DefaultLogger('WARN') })
    return code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
