// Illegal changes that `cancel` must notice.
import type { LedgerLine } from '../../contract/logs.ts'
import { paid } from '../compensations.ts'
import { renumbered, type Logs } from '../logs.ts'
import { firstTerminal } from '../path.ts'
import { withOutcomes, type Corruption, type Sample } from './corruption.ts'
import { laterAttempt, wasPaused } from './copies.ts'

export const cancelCorruptions: readonly Corruption[] = [
  {
    name: 'a run whose cancel was acknowledged never ends', log: 'H', invariant: 'cancel',
    apply: ({ logs, run }) => (run.cancels.some(({ answer }) => answer === 'ok') && firstTerminal(run) ? withOutcomes(logs, () => ({ status: 'running' })) : null),
  },
  {
    name: 'a step was attempted after the run was seen cancelled', log: 'L', invariant: 'cancel',
    apply: (sample) => {
      const end = cancelledEnd(sample)
      const attempt = end && sample.run.attempts.find(({ source }) => !wasPaused(sample, source, end.atMs + 1))
      return attempt === undefined || end === undefined ? null : { ...sample.logs, world: laterAttempt(sample.logs.world, attempt, end.atMs + 1) }
    },
  },
  {
    name: 'compensations in another order', log: 'L', invariant: 'cancel',
    apply: (sample) => (cancelledEnd(sample) === undefined ? null : swappedCompensations(sample)),
  },
]

/** The logs with the first two of what the run took back in each other's place. */
export function swappedCompensations({ logs, evidence, run }: Sample): Logs | null {
  const [first, second] = paid(evidence, run)
  if (first?.world == null || second?.world == null || first.world.step === second.world.step) return null
  const [a, b] = [first.world, second.world]
  return { ...logs, world: renumbered(logs.world.map((line): LedgerLine =>
    line.k === 'attempt' && line.wf === run.id && (line.seq === a.seq || line.seq === b.seq) ? { ...line, step: line.seq === a.seq ? b.step : a.step } : line)) }
}

function cancelledEnd({ run }: Sample): ReturnType<typeof firstTerminal> {
  const end = firstTerminal(run)
  return end?.outcome.status === 'cancelled' ? end : undefined
}
