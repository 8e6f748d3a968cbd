// What bench and crash share: a guard first, Ctrl-C handled, the plan played, the report written and shown.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { createRunFolder } from '../bench/folder.ts'
import { runPlan } from '../bench/run.ts'
import { startGuard } from '../processes/guard.ts'
import { terminal } from '../reports/terminal.ts'
import { writeReports } from '../reports/write.ts'
import type { RunFlags } from './options.ts'
import { progressOn } from './progress.ts'

export async function play(plan: Plan, flags: RunFlags, command: string, show: (result: Result) => string = shown): Promise<number> {
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
  console.log(flags.json ? JSON.stringify(result) : `${show(result)}\n\nReport ${join(folder, 'report.html')}   data ${join(folder, 'result.json')}`)
  return result.run.exitCode
}

function shown(result: Result): string {
  return terminal(result, { colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined, width: process.stdout.columns ?? 120 })
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
