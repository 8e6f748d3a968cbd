// durabench selftest: engines that lie must be caught, their honest twins must pass.
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import { loadDriver } from '../drivers/index.ts'
import { startGuard, type Guard } from '../processes/guard.ts'
import { mutants } from '../selftest/mutants/index.ts'
import { tryMutant, type MutantResult } from '../selftest/run.ts'
import { interruptions } from './interruption.ts'
import { parse, readAddresses, whole } from './options.ts'

export async function selftest(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { seed: { type: 'string' }, out: { type: 'string' }, postgres: { type: 'string' } }, false)
  const seed = whole('seed', values.seed, 1, 0, 2 ** 31)
  const addresses = readAddresses(values)
  const interrupted = interruptions()
  await using guard = await startGuard()
  const { folder, keep } = logsFolder(values.out, guard)
  const stopped = new Promise<null>((resolve) => interrupted.addEventListener('abort', () => resolve(null), { once: true }))
  const honest = await loadDriver('homegrown')
  const onStage = (what: string): boolean => process.stdout.isTTY && process.stdout.write(`\r\u001b[2K${what}`)
  let passed = 0
  for (const mutant of mutants) {
    const trying = tryMutant(mutant, honest, { seed, folder, guard, addresses, onStage })
    const tried = interrupted.aborted ? null : await Promise.race([trying, stopped])
    onStage('')
    if (tried === null) {
      trying.catch(() => undefined) // Its processes are about to be ended under it.
      console.log(`interrupted: ${passed} passed so far, ${mutants.length - passed} not tried`)
      return exitCodes.interrupted
    }
    if (tried.objections.length === 0) passed++
    show(tried)
  }
  console.log(`${passed} passed, ${mutants.length - passed} failed`)
  if (passed === mutants.length) return exitCodes.ok
  keep()
  console.log(`logs: ${folder}`)
  return exitCodes.invalid
}

function show({ mutant, mutated, twin, objections }: MutantResult): void {
  const found = mutated.invariants.find(({ name }) => name === mutant.caughtBy)
  const exposures = twin.invariants.find(({ name }) => name === mutant.caughtBy)?.exposures ?? 0
  if (objections.length === 0) {
    console.log(`✓ ${mutant.name}: caught by ${mutant.caughtBy} (${found?.violations} violations); the twin passed with ${exposures} exposures`)
    console.log(`    ${found?.findings[0]?.workflowId ?? ''} ${found?.findings[0]?.summary ?? ''}`)
  } else {
    console.log(`✗ ${mutant.name}: ${mutant.about}`)
    for (const objection of objections) console.log(`    ${objection}`)
  }
}

/** A temporary one is the guard's to remove, however the selftest ends, unless a failure makes it worth keeping. */
function logsFolder(out: string | undefined, guard: Guard): { folder: string; readonly keep: () => void } {
  if (out !== undefined) return { folder: createRunFolder(out, ''), keep: () => undefined }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'durabench-selftest-')))
  guard.trackPath(folder)
  return { folder, keep: () => guard.untrackPath(folder) }
}
