// durabench check DIR: judges logs again, offline, of a run or of one point. It believes no verdict that it finds there.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkFolders } from '../bench/recheck.ts'
import { exitCodes } from '../bench/exit.ts'
import { UsageError } from '../bench/usage.ts'
import { parse } from './options.ts'

export async function check(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { json: { type: 'boolean' }, 'accept-findings': { type: 'boolean' } }, true)
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new UsageError(`expected one folder, as in: durabench check results/<run>; found ${positionals.length}`)
  const folders = pointFolders(folder)
  if (folders.length === 0) throw new UsageError(`expected ${folder} to hold point.json or points' folders, found none; name a run's folder under results/`)
  const { points, exitCode, reasons } = await checkFolders(folders, values['accept-findings'] ?? false)
  if (values.json) console.log(JSON.stringify({ points, exitCode, reasons }))
  else {
    for (const point of points) {
      console.log(`${point.id}: ${point.verdict}${point.expect === 'fail' ? ' (a control: expected to fail)' : ''}`)
      for (const invariant of point.invariants) {
        if (invariant.verdict !== 'pass') console.log(`  ${invariant.name}: ${invariant.verdict}: ${invariant.why}`)
        for (const { summary, workflowId, lines } of invariant.findings.slice(0, 5)) console.log(`    ${workflowId ?? ''} ${summary} [${lines.join(' ')}]`)
      }
    }
    console.log(exitCode === exitCodes.ok ? 'every point as expected' : reasons.map((reason) => `exit ${exitCode}: ${reason}`).join('\n'))
  }
  return exitCode
}

function pointFolders(folder: string): string[] {
  if (existsSync(join(folder, 'point.json'))) return [folder]
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'point.json')))
    .map((entry) => join(folder, entry.name))
}
