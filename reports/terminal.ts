// What a person sees at the end of a run. Width decides the layout, never the content: what is left out here (histograms,
// faults one by one) is on the page, whose path is printed.
import { join } from 'node:path'
import type { Result } from '../contract/result.ts'
import { cast, type Control, type Engine } from './engines.ts'
import { duration, plural } from './format.ts'
import { overview } from './overview.ts'
import { doubts, placeOf, violations, violationsOf } from './problems.ts'
import { chaosTables } from './terminal/chaos.ts'
import { crashTables } from './terminal/crash.ts'
import { promiseTable } from './terminal/promises.ts'
import { recoveryTables } from './terminal/recovery.ts'
import { matrixTables } from './terminal/matrix.ts'
import { painter, standing, wrap, type Paint } from './terminal/style.ts'
import { table, type Row } from './terminal/table.ts'

export interface TerminalOptions {
  readonly colour: boolean
  readonly width: number
  /** Where the files were written; without it no path is printed. */
  readonly folder?: string
}

/** The summary of a whole run. */
export function terminal(result: Result, options: TerminalOptions): string {
  return report(result, options, figures)
}

/** The summary of `durabench crash`: what was broken where, what was done twice, how long recovery took. */
export function crashSummary(result: Result, options: TerminalOptions = { colour: false, width: 100 }): string {
  return report(result, options, crashTables)
}

/** The summary of `durabench chaos`: faults by kind, what the runs did, and how to play a failed round again. */
export function chaosSummary(result: Result, options: TerminalOptions): string {
  return report(result, options, chaosTables)
}

/** The summary of `durabench recovery`: how long runs stood still, by what was left to go on with. */
export function recoverySummary(result: Result, options: TerminalOptions): string {
  return report(result, options, recoveryTables)
}

/** The summary of `durabench matrix`: a map of cells for each engine, and what explains them. */
export function matrixSummary(result: Result, options: TerminalOptions): string {
  return report(result, options, matrixTables)
}

type Figures = (result: Result, engines: readonly Engine[], width: number, paint: Paint) => string

function report(result: Result, { colour, width, folder }: TerminalOptions, body: Figures): string {
  const paint = painter(colour)
  const { engines, controls } = cast(result)
  const ran = engines.filter((engine) => engine.standing !== 'skipped')
  return [
    heading(result, width, paint),
    ran.length === 0 ? paint('yellow', 'No engine ran.') : body(result, ran, width, paint),
    promiseTable(ran, result.plan.minExposures, width, paint),
    section('Controls (built to fail)', controls.map((control) => controlLine(control, width, paint)), paint),
    section('Not run', engines.filter((engine) => engine.standing === 'skipped').map((engine) => `  ${engine.title}\n${wrap(engine.skipped, width, '    ')}`), paint),
    section('Violations', violationLines(result, width, paint), paint),
    section('Not answered', doubts(result).map((doubt) => wrap(`${paint('yellow', `? ${doubt.kind}`)} ${doubt.where}: ${doubt.why}`, width, '  ')), paint),
    ending(result, folder, width, paint),
  ].filter((part) => part !== '').join('\n\n') + '\n'
}

function heading({ run, plan }: Result, width: number, paint: Paint): string {
  const facts = `run ${run.id} · seed ${run.seed} · ${plural(plan.points.length, 'point')} · ${duration(run.seconds * 1000)}`
  const cut = run.interrupted ? `\n${paint('yellow', 'INTERRUPTED: what follows is what was journaled until then.')}` : ''
  return wrap(`${paint('bold', `durabench ${plan.command}`)} · ${facts}`, width, '') + cut
}

function figures(result: Result, engines: readonly Engine[], width: number, paint: Paint): string {
  const verdicts: Row = { label: 'verdict', cells: engines.map((engine) => standing(paint, engine.standing)) }
  const rows = overview(result, engines).flatMap((group): Row[] => [
    { label: group.title, cells: [] },
    ...group.rows.map((row) => ({ label: `  ${row.label}`, cells: row.cells.map((cell) => (/INVALID|violated/.test(cell) ? paint('red', cell) : /unknown|unproven/.test(cell) ? paint('yellow', cell) : cell)) })),
  ])
  return table(engines.map((engine) => engine.key), [verdicts, ...rows], width, paint)
}

function controlLine(control: Control, width: number, paint: Paint): string {
  if (control.standing === 'skipped') return wrap(`${control.title}: not run: ${control.skipped}`, width, '  ')
  const by = [...new Set(violationsOf(control).map((violation) => violation.invariant))]
  const tone = control.caught === 'caught' ? 'green' : control.caught === 'unknown' ? 'yellow' : 'red'
  const note = control.caught === 'caught' ? ` by ${by.join(', ')}` : control.caught === 'unknown' ? ': not all of its points ended with a verdict' : ': the oracle passed what cannot be right; trust no verdict of this run'
  return wrap(`${control.title}: ${paint(tone, control.caught)}${note}`, width, '  ')
}

function violationLines(result: Result, width: number, paint: Paint): string[] {
  return violations(result).map((violation) => {
    const head = `${paint('red', '✘')} ${violation.engine.title}, ${violation.invariant} (${violation.point}): ${violation.why}`
    const findings = violation.findings.slice(0, 3).map((finding) => {
      const known = finding.known === undefined ? '' : ` [known: ${finding.known}]`
      return [wrap(finding.summary + known, width, '    '), wrap(paint('dim', [placeOf(finding), ...finding.lines].filter((part) => part !== '').join(' · ')), width, '      ')].join('\n')
    })
    const more = violation.violations - findings.length
    return [wrap(head, width, '  '), ...findings, ...(more > 0 ? [`    … and ${more} more: see the page or result.json`] : [])].join('\n')
  })
}

function ending({ run }: Result, folder: string | undefined, width: number, paint: Paint): string {
  const tone = run.exitCode === 0 ? 'green' : 'red'
  return [
    paint(tone, `exit ${run.exitCode}`) + (run.reasons.length === 0 ? '' : '\n' + run.reasons.map((reason) => wrap(reason, width, '  ')).join('\n')),
    ...(folder === undefined ? [] : [`page   ${join(folder, 'report.html')}`, `data   ${join(folder, 'result.json')}`]),
    `again  ${run.command}`,
  ].join('\n')
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint('bold', title), ...lines].join('\n')
}
