// durabench selftest: engines that lie must be caught, their honest twins must pass, and a fault that hits nobody must count for nothing.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aborted } from 'node:util'
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import { loadDriver } from '../drivers/index.ts'
import { startGuard, type Guard } from '../processes/guard.ts'
import { exposureLines, exposuresOf } from '../selftest/exposures.ts'
import { mutants } from '../selftest/mutants/index.ts'
import { tryMutants } from '../selftest/run.ts'
import { trySilentFault } from '../selftest/silent-fault.ts'
import type { MutantResult } from '../selftest/verdict.ts'
import { interruptions } from './interruption.ts'
import { known, parse, readAddresses, whole } from './options.ts'

const silent = 'silent-fault'

export async function selftest(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { seed: { type: 'string' }, out: { type: 'string' }, postgres: { type: 'string' }, only: { type: 'string' } }, false)
  const seed = whole('seed', values.seed, 1, 0, 2 ** 31)
  const addresses = readAddresses(values)
  const names = [...mutants.map(({ name }) => name), silent]
  const only = known('only', values.only, names, names)
  const interrupted = interruptions()
  await using guard = await startGuard()
  const { folder, keep } = logsFolder(values.out, guard)
  const place = { seed, folder, guard, addresses }
  const honest = await loadDriver('homegrown')
  let passed = 0
  const count = (objections: readonly string[]): number => (passed += objections.length === 0 ? 1 : 0)
  const stage = (what: string): boolean => process.stdout.isTTY && process.stdout.write(`\r\u001b[2K${what}`)

  async function all(): Promise<void> {
    const tried = (result: MutantResult): void => {
      if (interrupted.aborted) return // Its processes were ended under it.
      stage('')
      count(result.objections)
      show(result)
    }
    const twins = await tryMutants(mutants.filter(({ name }) => only.includes(name)), honest, place, { began: stage, tried }, interrupted)
    if (only.includes(silent) && !interrupted.aborted) {
      const objections = await trySilentFault(honest, place)
      count(objections)
      tell(silent, objections, 'a fault that hit nobody left its invariants unknown: exit code 13')
    }
    if (twins.length > 0 && !interrupted.aborted) console.log(['', 'Exposures of the honest twins, by fault', ...exposureLines(exposuresOf(twins)), ''].join('\n'))
  }

  const stopped = aborted(interrupted, process) // At once where it came before, as while the guard started.
  const playing = all()
  playing.catch(() => undefined) // Once stopped, its processes are about to be ended under it.
  await Promise.race([playing, stopped])
  if (interrupted.aborted) {
    console.log(`interrupted: ${passed} passed so far, ${only.length - passed} failed or not tried`)
    return exitCodes.interrupted
  }
  console.log(`${passed} passed, ${only.length - passed} failed`)
  if (passed === only.length) return exitCodes.ok
  keep()
  console.log(`logs: ${folder}`)
  return exitCodes.invalid
}

function show({ mutant, mutated, twin, objections }: MutantResult): void {
  const found = mutated.invariants.find(({ name }) => name === mutant.caughtBy)
  const exposures = twin.invariants.find(({ name }) => name === mutant.caughtBy)?.exposures ?? 0
  tell(mutant.name, objections, `caught by ${mutant.caughtBy} (${found?.violations} violations); the twin passed with ${exposures} exposures`)
  if (objections.length === 0) console.log(`    ${found?.findings[0]?.workflowId ?? ''} ${found?.findings[0]?.summary ?? ''}`)
}

function tell(name: string, objections: readonly string[], good: string): void {
  console.log(objections.length === 0 ? `✓ ${name}: ${good}` : [`✗ ${name}`, ...objections.map((objection) => `    ${objection}`)].join('\n'))
}

/** A temporary one is the guard's to remove, however the selftest ends, unless a failure makes it worth keeping. */
function logsFolder(out: string | undefined, guard: Guard): { folder: string; readonly keep: () => void } {
  if (out !== undefined) return { folder: createRunFolder(out, ''), keep: () => undefined }
  const folder = guard.makeFolder(join(tmpdir(), 'durabench-selftest-'))
  return { folder, keep: () => guard.untrackPath(folder) }
}
