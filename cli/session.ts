// What bench and crash share: the plan played under a guard, Ctrl-C handled, the report written and shown.
import { randomBytes } from 'node:crypto'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import { runPlan } from '../bench/run.ts'
import { startGuard } from '../processes/guard.ts'
import { terminal, type TerminalOptions } from '../reports/terminal.ts'
import { writeReports } from '../reports/write.ts'
import { availability, type Addresses } from '../services/index.ts'
import { interruptions } from './interruption.ts'
import type { RunFlags } from './options.ts'
import { progressOn } from './progress.ts'
import { terminalOptions } from './terminal-options.ts'

export async function play(plan: Plan, flags: RunFlags & { readonly requiredFaults?: readonly string[] }, command: string, show: (result: Result, options: TerminalOptions) => string = terminal): Promise<number> {
  const interrupted = interruptions()
  const useless = await uselessAddresses(flags.addresses)
  if (useless.length > 0) {
    for (const why of useless) console.error(`durabench: ${why}`)
    return exitCodes.invalid
  }
  const runId = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`
  await using guard = await startGuard()
  const folder = createRunFolder(flags.out, runId)
  const progress = progressOn(flags.json ? process.stderr : process.stdout, plan)
  const result = await runPlan({
    plan, runId, folder, guard, command, interrupted,
    addresses: flags.addresses, required: flags.require, requiredFaults: flags.requiredFaults ?? [], acceptFindings: flags.acceptFindings,
    watch: progress,
  })
  progress.end()
  try {
    await writeReports(folder, result)
  } finally {
    // On a full disk the result is at least seen.
    console.log(flags.json ? JSON.stringify(result) : show(result, terminalOptions(folder)))
  }
  return result.run.exitCode
}

/** A server that somebody named is meant: without it the run would not be the one that was asked for. */
async function uselessAddresses(addresses: Addresses): Promise<string[]> {
  const useless: string[] = []
  for (const need of ['postgres', 'temporal'] as const) {
    if (addresses[need] === undefined) continue
    const found = await availability(need, addresses)
    if (!found.ok) useless.push(`--${need}: ${found.why}; ${found.how}`)
  }
  return useless
}
