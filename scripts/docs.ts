// Writes docs/invariants.md, docs/faults.md and docs/selftest.md from what the code says of itself, so that they can't tell another story.
// `npm run docs` after a change; docs.test.ts fails where it was forgotten.
import { writeFileSync } from 'node:fs'
import { faults } from '../chaos/faults/index.ts'
import { corruptions } from '../oracle/corruptions/check.ts'
import { invariants } from '../oracle/invariants/index.ts'
import { mutants } from '../selftest/mutants/index.ts'

const generated = '<!-- Written by `npm run docs` from the code. Change it there. -->'

/** The pages by file name in docs/. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([['invariants.md', invariantsPage()], ['faults.md', faultsPage()], ['selftest.md', selftestPage()]])
}

function invariantsPage(): string {
  return page('Invariants', [
    'What the oracle checks at each point, each a pure function in `oracle/invariants/`. A plan names the ones whose exposures it provides;',
    'with fewer exposures than the plan asks for, a pass is `unknown`. Damage in a log that an invariant reads makes it `unknown` wherever it rests',
    'on what is absent from that log.',
  ], invariants.map(({ name, title, holds, exposure, reads }) => section(name, [`**${title}.** ${holds}`, `Exposed: ${lowered(exposure)} Reads: ${reads.join(', ')}.`])))
}

function faultsPage(): string {
  return page('Faults', [
    'What chaos does, each in a file of `chaos/faults/`. A fault counts only when it was proved from inside its victim; one that was not is',
    'reported as skipped. Services at an external address are never touched.',
  ], Object.values(faults).map(({ kind, about, roles }) => section(kind, [`${about}.`, `Of: ${roles.join(', ')}.`])))
}

function selftestPage(): string {
  const sections = invariants.map(({ name }) => section(name, [
    table(['mutant', 'what it does', 'its point'], mutants.filter(({ caughtBy }) => caughtBy === name).map(({ name, about, point }) => [`\`${name}\``, about, played(point)])),
    `Corruptions of a run's own logs: ${corruptions.filter(({ invariant }) => invariant === name).map(({ name, log }) => `${name} (${log})`).join('; ') || 'none'}.`,
  ]))
  return page('Self-test', [
    'Who checks the checker? `npx durabench selftest` (`--only NAME,NAME` for some) plays engines that lie, each in one way that a real engine could, under a plan that exposes the lie.',
    'Each must fail by the invariant that is named for it, and the honest engine must pass the same plan with exposures; a plan that several mutants share is played once for the twin.',
    'A fault that hits nobody must leave the run unfit for its claim (13). At the end it prints, for each fault and invariant, what the twins exposed.',
    '',
    'Two more checks stand in every run, of every engine. Its own logs are corrupted, run by run, in ways that an exposed invariant must notice (H: history, L: ledger, J: journal,',
    'E: effects in the store); one that goes unnoticed makes the run `unknown`. And every scenario has a canary, a step that the world does not deduplicate, so that a second run of it shows.',
    '',
    '`selftest/lying/` has five of these engines as drivers for `durabench chaos`; [chaos.md](chaos.md#engines-that-lie) says what finds them.',
  ], sections)
}

function played({ scenario, chaos, load }: (typeof mutants)[number]['point']): string {
  const [phase] = load.phases
  const runs = phase?.kind === 'batches' ? phase.sizes.reduce((sum, size) => sum + size, 0) : 0
  const faults = Map.groupBy(chaos.faults, ({ kind, role }) => `${kind} ${role}`)
  return `${runs} of ${scenario}${[...faults].map(([what, all]) => `, ${all.length > 1 ? `${all.length} × ` : ''}${what}`).join('')}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return rows.length === 0 ? 'No mutant yet.' : [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function page(title: string, about: readonly string[], sections: readonly string[]): string {
  return `# ${title}\n\n${generated}\n\n${about.join('\n')}\n\n${sections.join('\n')}`
}

function section(name: string, paragraphs: readonly string[]): string {
  return `## ${name}\n\n${paragraphs.join('\n\n')}\n`
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

if (import.meta.main) {
  for (const [file, text] of pages()) writeFileSync(new URL(`../docs/${file}`, import.meta.url), text)
}
