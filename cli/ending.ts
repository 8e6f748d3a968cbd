// How every command ends: an exit code, one line for whatever escaped, all output delivered, and never without its shim.
import { exitCodes } from '../bench/exit.ts'
import { UsageError } from '../bench/usage.ts'
import { ServiceError } from '../services/index.ts'

/** Runs it and exits: engines' clients may keep timers, and what a command started is disposed by then. */
export async function endWith(command: () => Promise<number>): Promise<never> {
  // A reader that has seen enough (`| head`) is no failure of the run, whose results are in its folder.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined)
  process.on('uncaughtException', (error) => process.exit(explain(error)))
  // Only a killed shim leaves its channel before this process ends. The guard cleans up, as it does after any kill.
  process.once('disconnect', () => process.exit(exitCodes.interrupted))
  const exitCode = await command().catch(explain)
  // Where pipes are asynchronous, exit() would cut what they have not taken yet.
  for (const out of [process.stdout, process.stderr]) await new Promise((resolve) => out.write('', resolve))
  process.exit(exitCode)
}

function explain(error: unknown): number {
  const full = causes(error).some((cause) => ['ENOSPC', 'EDQUOT'].includes(codeOf(cause)))
  const [message, exitCode] =
    error instanceof UsageError ? [error.message, exitCodes.usage]
    : error instanceof ServiceError ? [error.message, exitCodes.invalid]
    : full ? [`the disk is full, so the run's evidence ends here: ${messageOf(error)}; --out names another disk for results, TMPDIR one for data`, exitCodes.invalid]
    : [messageOf(error), exitCodes.crash]
  console.error(`durabench: ${message}`)
  if (process.env['DURABENCH_STACKS'] === '1' && error instanceof Error) console.error(error.stack)
  else if (exitCode === exitCodes.crash) console.error('(--stacks shows where)')
  return exitCode
}

function causes(error: unknown): unknown[] {
  const chain = [error]
  for (let at = error; at instanceof Error && at.cause !== undefined && chain.length < 10; at = at.cause) chain.push(at.cause)
  return chain
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
