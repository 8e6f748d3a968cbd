// The oracle tested on the run at hand: for each invariant that was exposed, the logs of one of its runs are changed into
// illegal ones, and the invariant must notice. One that does not would have let a real violation of that kind pass.
// Trade-off: one run a corruption, the first of a few that it applies to; a sample, so that it costs nothing.
import type { InvariantName } from '../../contract/plan.ts'
import type { InvariantResult, Verdict } from '../../contract/result.ts'
import type { Evidence, Run } from '../evidence.ts'
import { invariants } from '../invariants/index.ts'
import { isTopLevel } from '../invariants/invariant.ts'
import { evidenceOf } from '../read/evidence.ts'
import { firstTerminal } from '../path.ts'
import { judge } from '../verdict.ts'
import type { Corruption, Sample } from './corruption.ts'
import { cancelCorruptions } from './cancel.ts'
import { childCorruptions } from './children.ts'
import { historyCorruptions } from './history.ts'
import { journalCorruptions } from './journal.ts'
import { ledgerCorruptions } from './ledger.ts'
import { outcomeCorruptions } from './outcome.ts'
import { raceCorruptions } from './races.ts'
import { sampleOf } from './sample.ts'
import { tableCorruptions } from './table.ts'
import { versionCorruptions } from './versions.ts'
import { witnessCorruptions } from './witnesses.ts'

export interface CorruptionReport {
  readonly tried: readonly TriedCorruption[]
  readonly unnoticed: readonly TriedCorruption[]
}

interface TriedCorruption {
  readonly name: string
  readonly log: Corruption['log']
  readonly invariant: InvariantName
  readonly workflowId: string
}

export const corruptions: readonly Corruption[] = [
  ...historyCorruptions, ...ledgerCorruptions, ...journalCorruptions, ...raceCorruptions, ...cancelCorruptions, ...childCorruptions, ...tableCorruptions, ...outcomeCorruptions,
  ...versionCorruptions, ...witnessCorruptions,
]

const samplesCap = 60
const runsCap = 50_000

/** Tries each corruption of an invariant that passed with exposures. */
export function corruptionsIn(evidence: Evidence, results: readonly InvariantResult[]): CorruptionReport {
  const exposed = new Set(results.filter(({ verdict, exposures }) => verdict === 'pass' && exposures > 0).map(({ name }) => name))
  const samples = pick(evidence).map((run) => sampled(evidence, run))
  const tried: TriedCorruption[] = []
  const unnoticed: TriedCorruption[] = []
  for (const corruption of corruptions) {
    if (!exposed.has(corruption.invariant)) continue
    for (const sample of samples) {
      if (verdictOf(corruption.invariant, sample.evidence) !== 'pass') continue
      const logs = corruption.apply(sample)
      if (logs === null) continue
      const attempt: TriedCorruption = { name: corruption.name, log: corruption.log, invariant: corruption.invariant, workflowId: sample.run.id }
      tried.push(attempt)
      if (verdictOf(corruption.invariant, evidenceOf(logs, evidence.scenarios)) === 'pass') unnoticed.push(attempt)
      break
    }
  }
  return { tried, unnoticed }
}

/** Runs that ended, of several kinds: completed or not, read twice, signalled, started twice, long under way; some of each. */
function pick(evidence: Evidence): Run[] {
  const kinds = new Map<string, number>()
  const picked: Run[] = []
  for (const run of evidence.runs.slice(0, runsCap)) {
    if (picked.length >= samplesCap) break
    const end = firstTerminal(run)
    if (!isTopLevel(run) || end === undefined) continue
    const sources = new Set(run.attempts.map((attempt) => attempt.source)).size
    const kind = `${end.outcome.status} ${run.seen.length > 1} ${run.signals.length > 0} ${run.starts.length > 1} ${sources > 1}`
    const count = kinds.get(kind) ?? 0
    if (count >= 5) continue
    kinds.set(kind, count + 1)
    picked.push(run)
  }
  return picked
}

function sampled(evidence: Evidence, run: Run): Sample {
  const logs = sampleOf(evidence, run)
  const own = evidenceOf(logs, evidence.scenarios)
  return { logs, evidence: own, run: own.runOf(run.id)! }
}

function verdictOf(name: InvariantName, evidence: Evidence): Verdict {
  return judge(invariants.find((invariant) => invariant.name === name)!, evidence, []).verdict
}
