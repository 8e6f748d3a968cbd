// The summary for a CI job's page: GitHub-flavoured Markdown, short enough to be read there. Everything else is in the page,
// which CI keeps as an artifact.
import type { Result } from '../contract/result.ts'
import { cast, type Engine } from './engines.ts'
import { duration, plural } from './format.ts'
import { overview } from './overview.ts'
import { doubts, placeOf, violations } from './problems.ts'
import { judgedPromises, standingOf } from './promises.ts'
import { symbols } from './verdicts.ts'

export function markdown(result: Result): string {
  const { engines, controls } = cast(result)
  const ran = engines.filter((engine) => engine.standing !== 'skipped')
  const absent = [...engines, ...controls].filter((engine) => engine.standing === 'skipped')
  const { run, plan } = result
  const parts = [
    `## durabench ${text(plan.command)}: ${run.exitCode === 0 ? symbols.pass : symbols.fail} exit ${run.exitCode}`,
    `Run ${code(run.id)}, seed ${run.seed}, ${plural(plan.points.length, 'point')}, ${duration(run.seconds * 1000)}${run.interrupted ? '. **Interrupted**: only what was journaled until then' : ''}`,
    list(run.reasons.map(text)),
    ran.length === 0 ? 'No engine ran.' : table(['', ...ran.map((engine) => engine.title)], [
      ['**verdict**', ...ran.map((engine) => `${symbols[engine.standing]} ${engine.standing}`)],
      ...overview(result, ran).flatMap((group) => [[`**${text(group.title)}**`, ...ran.map(() => '')], ...group.rows.map((row) => [text(row.label), ...row.cells.map(text)])]),
    ]),
    list(controls.filter((control) => control.standing !== 'skipped').map((control) => `Control ${text(control.title)}: **${control.caught}**`)),
    titled('Violations', violations(result).map((violation) => {
      const first = violation.findings[0]
      const seen = first === undefined ? '' : `: ${text(first.summary)} (${[text(placeOf(first)), ...first.lines.map(code)].filter((part) => part !== '').join(', ')})${first.known === undefined ? '' : ` known as ${code(first.known)}`}`
      return `${symbols.fail} **${text(violation.engine.title)}**, ${violation.invariant} in ${code(violation.point)}, ${plural(violation.violations, 'violation')}${seen}`
    })),
    titled('Promises', ran.map((engine) => contract(engine, plan.minExposures)).filter((line) => line !== '')),
    titled('Not answered', doubts(result).map((doubt) => `${symbols.unknown} ${doubt.kind}: ${code(doubt.where)}: ${text(doubt.why)}`)),
    titled('Not run', absent.map((engine) => `${text(engine.title)}: ${text(engine.skipped)}`)),
    `Again: ${code(run.command)}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** An engine's promises in a line, the broken ones with their reason. */
function contract(engine: Engine, minExposures: number): string {
  const tested = judgedPromises(engine, minExposures).filter(({ found }) => found !== 'untested')
  const told = tested.map(({ title, verdict, found, why }) => `${symbols[standingOf[found]]} ${text(title)}: ${verdict === 'ours' ? `ours, ${found}` : found}${found === 'violates' ? ` (${text(why)})` : ''}`)
  return told.length === 0 ? '' : `**${text(engine.title)}**: ${told.join('; ')}`
}

function titled(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${title}\n\n${list(items)}`
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head.map(text)), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

/** Whatever was quoted must not become markup, or end a table's cell. */
function text(value: string): string {
  return value.replaceAll(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ')
}

function code(value: string): string {
  const quiet = value.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
  return quiet.includes('`') ? `\`\` ${quiet} \`\`` : `\`${quiet}\``
}
