// Illegal changes that `races` must notice: each lets one witness tell of another decision than the others.
import type { LedgerLine, TraceEntry } from '../../contract/logs.ts'
import type { Race } from '../../contract/scenario.ts'
import { renumbered } from '../logs.ts'
import { traceOf } from '../path.ts'
import { withTrace, type Corruption, type Sample } from './corruption.ts'

type Wait = Extract<TraceEntry, { readonly wait: string }>

export const raceCorruptions: readonly Corruption[] = [
  {
    name: 'the outcome tells of another decision', log: 'H', invariant: 'races',
    apply: (sample) => {
      const found = decided(sample)
      if (found === null) return null
      const { wait, at } = found
      const other = wait.signalId === null ? sample.run.signals.find(({ name }) => name === wait.wait)?.signalId : null
      return other === undefined ? null : withTrace(sample.logs, (trace) => trace.with(at, { ...wait, signalId: other }))
    },
  },
  {
    name: 'what another decision leads to was attempted', log: 'L', invariant: 'races',
    apply: (sample) => {
      const found = decided(sample)
      if (found === null) return null
      const { race, wait } = found
      const own = race.branches[race.decision(wait.signalId)] ?? []
      const foreign = Object.values(race.branches).flat().find((step) => !own.includes(step))
      const done = sample.run.attempts.find(({ step }) => own.includes(step))
      if (foreign === undefined || done === undefined) return null
      return { ...sample.logs, world: renumbered(sample.logs.world.map((line): LedgerLine => (line.n === done.n && line.k === 'attempt' ? { ...line, step: foreign } : line))) }
    },
  },
  {
    name: 'the journal tells of another decision', log: 'J', invariant: 'races',
    apply: (sample) => {
      const found = decided(sample)
      const own = found?.wait.signalId ?? null
      const other = sample.run.signals.find(({ name, signalId }) => name === found?.wait.wait && signalId !== own)?.signalId
      if (own === null || other === undefined || !sample.logs.journal.some(({ signalId }) => signalId === own)) return null
      return { ...sample.logs, journal: sample.logs.journal.map((entry) => (entry.signalId === own ? { ...entry, signalId: other } : entry)) }
    },
  },
]

/** The wait of a race in the run's outcome. */
function decided({ evidence, run }: Sample): { readonly race: Race; readonly wait: Wait; readonly at: number } | null {
  for (const race of evidence.scenarios.get(run.scenario)?.races ?? []) {
    const at = traceOf(run)?.findIndex((entry) => typeof entry === 'object' && 'wait' in entry && entry.wait === race.wait) ?? -1
    if (at >= 0) return { race, wait: traceOf(run)![at] as Wait, at }
  }
  return null
}
