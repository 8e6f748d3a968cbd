// What bench and crash share: a guard first, Ctrl-C handled, the plan played, the report written and shown.
import { randomBytes } from 'node:crypto'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { createRunFolder } from '../bench/folder.ts'
import { runPlan } from '../bench/run.ts'
import { startGuard } from '../processes/guard.ts'
import { terminal, type TerminalOptions } from '../reports/terminal.ts'
import { writeReports } from '../reports/write.ts'
import type { RunFlags } from './options.ts'
import { progressOn } from './progress.ts'
import { terminalOptions } from './terminal-options.ts'

export async function play(plan: Plan, flags: RunFlags, command: string, show: (result: Result, options: TerminalOptions) => string = terminal): Promise<number> {
  const runId = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`
  const folder = createRunFolder(flags.out, runId)
  const interruption = interruptions()
  await using guard = await startGuard()
  const progress = progressOn(flags.json ? process.stderr : process.stdout, plan)
  const result = await runPlan({
    plan, runId, folder, guard, command,
    addresses: flags.addresses, required: flags.require, acceptFindings: flags.acceptFindings,
    interrupted: interruption, watch: progress,
  })
  progress.end()
  await writeReports(folder, result)
  console.log(flags.json ? JSON.stringify(result) : show(result, terminalOptions(folder)))
  return result.run.exitCode
}

/** The first Ctrl-C ends the run and reports; the second ends at once (the guard cleans up behind it). */
function interruptions(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      console.error(`\n${name}: stopping; what was done is kept. Once more to stop at once.`)
      controller.abort()
    })
  }
  return controller.signal
}
