// Writes docs/invariants.md and docs/faults.md from what the code says of itself, so that they can't tell another story.
// `npm run docs` after a change; docs.test.ts fails where it was forgotten.
import { writeFileSync } from 'node:fs'
import { faults } from '../chaos/faults/index.ts'
import { invariants } from '../oracle/invariants/index.ts'

const generated = '<!-- Written by `npm run docs` from the code. Change it there. -->'

/** The pages by file name in docs/. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([['invariants.md', invariantsPage()], ['faults.md', faultsPage()]])
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
