// The durabench command: picks the command's file. `--stacks` works everywhere, since what breaks may break before flags are read.
import { UsageError } from '../bench/usage.ts'
import { exitCodes } from '../bench/exit.ts'
import { withoutConfig } from './config.ts'
import { endWith } from './ending.ts'
import { help } from './help.ts'

type Command = (argv: readonly string[]) => Promise<number>

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  bench: async () => (await import('./bench.ts')).bench,
  crash: async () => (await import('./crash.ts')).crash,
  faults: async () => (await import('./faults.ts')).faults,
  matrix: async () => (await import('./matrix.ts')).matrix,
  chaos: async () => (await import('./chaos.ts')).chaos,
  recovery: async () => (await import('./recovery.ts')).recovery,
  shrink: async () => (await import('./shrink.ts')).shrink,
  check: async () => (await import('./check.ts')).check,
  report: async () => (await import('./report.ts')).report,
  doctor: async () => (await import('./doctor.ts')).doctor,
  list: async () => (await import('./list.ts')).list,
  clean: async () => (await import('./clean.ts')).clean,
  suite: async () => (await import('./suite.ts')).suite,
  'init-driver': async () => (await import('./init-driver.ts')).initDriver,
  selftest: async () => (await import('./selftest.ts')).selftest,
  micro: async () => (await import('./micro.ts')).microCommand,
}

const argv = process.argv.slice(2)
if (argv.includes('--stacks')) process.env['DURABENCH_STACKS'] = '1'
await endWith(() => main(argv.filter((flag) => flag !== '--stacks')))

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(help)
    return name === undefined ? exitCodes.usage : exitCodes.ok
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw new UsageError(`expected one of the commands ${Object.keys(commands).join(', ')}, found '${name}'`)
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(help)
    return exitCodes.ok
  }
  const flags = await withoutConfig(rest)
  return (await command())(flags)
}
