// big-payload: see workflow.ts. Sizes come from the seed: up to a megabyte each, about what every engine takes (Temporal refuses
// payloads above two).
import { random } from '../../contract/random.ts'
import type { Scenario } from '../../contract/scenario.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { fingerprint, payload } from './payload.ts'
import { steps } from './steps.ts'
import { bigPayload, type ReportInput, type ReportOutput } from './workflow.ts'

const kilobyte = 1_024

/** Of sixteen runs eight are small, one is as large as they get. */
function sizesOf(seed: number, index: number): ReportInput & { readonly afterMs: number } {
  const r = random(seed, `big-payload/${index}`)
  const draw = r.below(16)
  const kilobytes = draw < 8 ? 1 : draw < 13 ? 64 : draw < 15 ? 256 : 1_024
  return { label: `report ${seed}/${index}: `, bytes: kilobytes * kilobyte, afterMs: [0, 100 + r.below(900)][r.below(2)]! }
}

const attachment = ({ label, bytes }: ReportInput): string => payload(`attachment of ${label}`, bytes)

function objection(input: ReportInput, end: Outcome): string | null {
  if (end.status !== 'completed') return `a run that nothing can fail is ${end.status}`
  const { draft, draftPrint, attachmentPrint } = (end.output as { value: ReportOutput }).value
  const wanted = payload(input.label, input.bytes)
  if (draft !== wanted) return `the outcome holds another text (${fingerprint(draft)}) than was drafted (${fingerprint(wanted)})`
  if (draftPrint !== fingerprint(wanted)) return `another text (${draftPrint}) was archived than was drafted (${fingerprint(wanted)})`
  const sent = fingerprint(attachment(input))
  return attachmentPrint === sent ? null : `another attachment (${attachmentPrint}) was archived than was sent (${sent})`
}

export const scenario: Scenario = {
  name: 'big-payload',
  version: '1',
  about: 'A reporting agent that carries whole documents: a draft of up to a megabyte, an attachment of that size sent by a human, both archived, the draft in the outcome. What engines keep in memory, in rows and in messages, and what they make of characters that nobody expects.',
  workflow: bigPayload,
  steps,
  transactions: {},
  input: (seed, index): ReportInput => {
    const { label, bytes } = sizesOf(seed, index)
    return { label, bytes }
  },
  signals: (seed, index, workflowId) => {
    const { afterMs, ...sizes } = sizesOf(seed, index)
    return [{ name: 'attachment', payload: attachment(sizes), signalId: `${workflowId}/attachment`, afterMs }]
  },
  objection: (input, end) => objection(input as ReportInput, end),
  livenessMs: 60_000,
  path: ['draft', 'archive', null, 'archive', 'notify'],
  keptCents: () => null,
}
