// What bench and crash share: the plan played under a guard, Ctrl-C handled, the report written and shown.
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Plan, Point, ServiceProvider } from '../contract/plan.ts'
import type { PointResult, Result } from '../contract/result.ts'
import { exitCodes } from '../bench/exit.ts'
import { createRunFolder } from '../bench/folder.ts'
import type { Lanes } from '../bench/lanes.ts'
import { runPlan } from '../bench/run.ts'
import { startGuard } from '../processes/guard.ts'
import { terminal, type TerminalOptions } from '../reports/terminal.ts'
import { writeReports } from '../reports/write.ts'
import { availability, type Addresses } from '../services/index.ts'
import { interruptions } from './interruption.ts'
import type { RunFlags } from './options.ts'
import { progressOn } from './progress.ts'
import { terminalOptions } from './terminal-options.ts'

export interface PlayOptions {
  readonly lanes?: Lanes<Point>
  /** A run of this plan that was begun and is taken up again, with the points that it has done. */
  readonly begun?: { readonly folder: string; readonly runId: string; readonly points: readonly PointResult[] }
}

export async function play(asked: Plan, flags: RunFlags & { readonly requiredFaults?: readonly string[] }, command: string, show: (result: Result, options: TerminalOptions) => string = terminal, { lanes, begun }: PlayOptions = {}): Promise<number> {
  const interrupted = interruptions()
  const useless = [...await uselessAddresses(flags.addresses), ...await missingEngine(asked.services ?? flags.services)]
  if (useless.length > 0) {
    for (const why of useless) console.error(`durabench: ${why}`)
    return exitCodes.invalid
  }
  // One that is taken up again keeps what it was begun with.
  const plan: Plan = flags.services === 'embedded' || begun !== undefined ? asked : { ...asked, services: flags.services }
  const runId = begun?.runId ?? `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`
  await using guard = await startGuard()
  const folder = begun === undefined ? createRunFolder(flags.out, runId) : resolve(begun.folder)
  const progress = progressOn(flags.json ? process.stderr : process.stdout, plan)
  const result = await runPlan({
    plan, runId, folder, guard, interrupted,
    command: plan === asked ? command : `${command} --services ${flags.services}`,
    addresses: flags.addresses, required: flags.require, requiredFaults: flags.requiredFaults ?? [], acceptFindings: flags.acceptFindings,
    watch: progress,
    ...(lanes === undefined ? {} : { lanes }),
    ...(begun === undefined ? {} : { earlier: begun.points }),
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

/** Without the engine that was asked for, every point would break. */
export async function missingEngine(services: ServiceProvider): Promise<string[]> {
  if (services === 'embedded') return []
  const found = await availability('postgres', {}, services)
  return found.ok ? [] : [`--services ${services}: ${found.why}; ${found.how}`]
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
