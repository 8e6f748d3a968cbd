// durabench selftest: engines that lie must be caught, their honest twins must pass.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import { loadDriver } from '../drivers/index.ts'
import { startGuard } from '../processes/guard.ts'
import { mutants } from '../selftest/mutants/index.ts'
import { tryMutant } from '../selftest/run.ts'
import { parse } from './options.ts'

export async function selftest(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { seed: { type: 'string' }, out: { type: 'string' }, postgres: { type: 'string' } }, false)
  const folder = createRunFolder(values.out ?? mkdtempSync(join(tmpdir(), 'durabench-selftest-')), '')
  await using guard = await startGuard()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void guard[Symbol.asyncDispose]().then(() => process.exit(exitCodes.interrupted)))
  const honest = await loadDriver('homegrown')
  let passed = 0
  for (const mutant of mutants) {
    const { mutated, twin, objections } = await tryMutant(mutant, honest, {
      seed: Number(values.seed ?? 1), folder, guard,
      addresses: values.postgres === undefined ? {} : { postgres: values.postgres },
      onStage: (what) => process.stdout.isTTY && process.stdout.write(`\r\u001b[2K${what}`),
    })
    if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K')
    const found = mutated.invariants.find(({ name }) => name === mutant.caughtBy)
    const exposures = twin.invariants.find(({ name }) => name === mutant.caughtBy)?.exposures ?? 0
    if (objections.length === 0) {
      passed++
      console.log(`✓ ${mutant.name}: caught by ${mutant.caughtBy} (${found?.violations} violations); the twin passed with ${exposures} exposures`)
      console.log(`    ${found?.findings[0]?.workflowId ?? ''} ${found?.findings[0]?.summary ?? ''}`)
    } else {
      console.log(`✗ ${mutant.name}: ${mutant.about}`)
      for (const objection of objections) console.log(`    ${objection}`)
    }
  }
  console.log(`${passed} passed, ${mutants.length - passed} failed`)
  if (passed < mutants.length) console.log(`logs: ${folder}`)
  return passed === mutants.length ? exitCodes.ok : exitCodes.invalid
}
