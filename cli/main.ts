// The durabench command: picks the command's file, and turns whatever escapes it into one line and an exit code.
import { UsageError } from '../bench/usage.ts'
import { exitCodes } from '../bench/exit.ts'
import { ServiceError } from '../services/index.ts'
import { help } from './help.ts'

type Command = (argv: readonly string[]) => Promise<number>

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  bench: async () => (await import('./bench.ts')).bench,
  crash: async () => (await import('./crash.ts')).crash,
  check: async () => (await import('./check.ts')).check,
  report: async () => (await import('./report.ts')).report,
  doctor: async () => (await import('./doctor.ts')).doctor,
  list: async () => (await import('./list.ts')).list,
  selftest: async () => (await import('./selftest.ts')).selftest,
  micro: async () => (await import('./micro.ts')).microCommand,
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = explain(error)
}
// Engines' clients may keep timers; everything that this run started is disposed by now.
process.exit()

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(help)
    return name === undefined ? exitCodes.usage : exitCodes.ok
  }
  const command = commands[name]
  if (command === undefined) throw new UsageError(`expected one of the commands ${Object.keys(commands).join(', ')}, found '${name}'`)
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(help)
    return exitCodes.ok
  }
  return (await command())(rest)
}

function explain(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error)
  const usage = error instanceof UsageError
  console.error(`durabench: ${message}`)
  if (process.env['DURABENCH_STACKS'] === '1' && error instanceof Error) console.error(error.stack)
  else if (!usage && !(error instanceof ServiceError)) console.error('(--stacks shows where)')
  return usage ? exitCodes.usage : error instanceof ServiceError ? exitCodes.invalid : exitCodes.crash
}
