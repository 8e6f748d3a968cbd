// Illegal changes of L: of the world's ledger where the run has attempts there, else of the bare one.
import type { LedgerLine } from '../../contract/logs.ts'
import { jumpedAheadMs } from '../clock-steps.ts'
import { renumbered, type BareRecord, type Logs } from '../logs.ts'
import { traceOf, winningNonces } from '../path.ts'
import { stepsOf, type StepAttempt } from '../steps.ts'
import { walk } from '../walk.ts'
import { copyOfAttempt, freshNonce, wasPaused } from './copies.ts'
import type { Corruption, Sample } from './corruption.ts'

export const ledgerCorruptions: readonly Corruption[] = [
  {
    name: 'an effect took place twice', log: 'L', invariant: 'effects',
    apply: ({ logs }) => {
      const at = logs.world.findIndex((line) => line.k === 'applied')
      return at < 0 ? null : { ...logs, world: renumbered([...logs.world.slice(0, at + 1), ...logs.world.slice(at)]) }
    },
  },
  {
    name: 'an effect behind an answer is gone', log: 'L', invariant: 'effects',
    apply: ({ logs, evidence, run }) => {
      const won = winners({ logs, evidence, run })[0]?.world
      const at = logs.world.findIndex((line) => line.k === 'applied' && line.effect === won?.reply?.effect)
      return at < 0 ? null : { ...logs, world: renumbered(logs.world.filter((_, i) => i !== at)) }
    },
  },
  {
    name: 'a claimed step ran again', log: 'L', invariant: 'claimed',
    apply: (sample) => {
      const { first, by } = claimedFirst(sample) ?? {}
      if (first === undefined || by === undefined) return null
      if (first.world !== null) {
        const again = stepsOf(sample.evidence, sample.run).all.find(({ source }) => !wasPaused(sample, source, ledgersEndMs(sample)))
        return again === undefined ? null : { ...sample.logs, world: renumbered(copyOfAttempt(sample.logs.world, first.world, { source: again.source, nonce: freshNonce })) }
      }
      // Only in the file of the claim is the end surely after it.
      if (by.source !== first.source || wasPaused(sample, first.source, ledgersEndMs(sample))) return null
      return changedBare(sample.logs, first.source, (records) => {
        const step = records.find((record) => record.kind === 'step' && record.nonce === first.nonce)
        const last = records.findLast((record) => record.kind === 'step')
        return step === undefined || last?.kind !== 'step' ? records : [...records.slice(0, -1), { ...step, nonce: last.nonce + 1 } as BareRecord, records.at(-1)!]
      })
    },
  },
  {
    name: 'a step began before the one before it was answered', log: 'L', invariant: 'order',
    apply: (sample) => {
      const [first, second] = winners(sample)
      if (first === undefined || second === undefined) return null
      if (first.world !== null && second.world !== null) {
        const early = sample.logs.world.find((line) => line.n === second.world!.n)!
        const rest = sample.logs.world.filter((line) => line !== early)
        const at = rest.findIndex((line) => line.n === first.world!.n)
        return { ...sample.logs, world: renumbered([...rest.slice(0, at), { ...early, t: rest[at]!.t }, ...rest.slice(at)]) }
      }
      if (first.world !== null || second.world !== null || first.source !== second.source) return null
      return changedBare(sample.logs, first.source, (records) => {
        const swap = new Map([[first.nonce, records.find((record) => record.kind === 'step' && record.nonce === second.nonce)!], [second.nonce, records.find((record) => record.kind === 'step' && record.nonce === first.nonce)!]])
        return records.map((record) => (record.kind === 'step' ? (swap.get(record.nonce) ?? record) : record))
      })
    },
  },
  {
    name: 'a timer fired early', log: 'L', invariant: 'timers',
    apply: ({ logs, evidence, run }) => {
      const { positions } = walk(evidence, run, traceOf(run) ?? [])
      const at = positions.findIndex(({ entry }) => typeof entry === 'object' && ('timer' in entry || ('wait' in entry && entry.signalId === null && entry.timeoutMs !== null)))
      const next = positions.slice(at + 1).find((position) => position.attempt?.world != null)
      const [timer, attempt] = [positions[at], next?.attempt]
      if (timer === undefined || next === undefined || attempt === undefined || next.floorMs - timer.floorMs < 10) return null
      const earlyMs = (timer.floorMs + next.floorMs) / 2
      // A clock that jumped ahead makes it legal.
      if (jumpedAheadMs(evidence, timer.floorMs, next.floorMs) > 0) return null
      return { ...logs, world: logs.world.map((line): LedgerLine => (line.n === attempt.n ? { ...line, t: earlyMs } : line)) }
    },
  },
  {
    name: 'money was paid that the outcome does not know of', log: 'L', invariant: 'conservation',
    apply: ({ logs, run }) => {
      const at = logs.world.findIndex((line) => line.k === 'applied' && line.cents !== undefined)
      return at < 0 || traceOf(run) === null ? null : { ...logs, world: logs.world.map((line, i): LedgerLine => (i === at && line.k === 'applied' ? { ...line, cents: (line.cents ?? 0) + 1 } : line)) }
    },
  },
  {
    name: 'a record is missing', log: 'L', invariant: 'evidence',
    apply: ({ logs }) => {
      if (logs.world.length > 2) return { ...logs, world: logs.world.filter((_, i) => i !== 1) }
      const file = logs.bare[0]
      return file === undefined ? null : changedBare(logs, file.source, (records) => records.filter((_, i) => i !== 1), false)
    },
  },
]

/** The first winning attempt whose reply another attempt carries. */
function claimedFirst(sample: Sample): { first: StepAttempt; by: StepAttempt } | undefined {
  const { all } = stepsOf(sample.evidence, sample.run)
  for (const first of winners(sample)) {
    const by = first.nonce === null ? undefined : all.find(({ prev }) => prev.includes(first.nonce!))
    if (by !== undefined) return { first, by }
  }
  return undefined
}

/** Until then the ledgers tell of the run. */
function ledgersEndMs({ logs }: Sample): number {
  return Math.max(logs.world.at(-1)!.t, ...logs.bare.flatMap(({ records }) => records.flatMap((record) => (record.kind === 'tick' ? [record.t] : []))))
}

/** The winning attempts, in the order of the path. */
function winners({ evidence, run }: Sample): StepAttempt[] {
  const { byNonce } = stepsOf(evidence, run)
  return [...winningNonces(evidence, run)].flatMap(([seq, nonce]) => {
    const attempt = byNonce.get(nonce)
    return attempt?.seq === seq ? [attempt] : []
  })
}

function changedBare(logs: Logs, source: string, change: (records: readonly BareRecord[]) => readonly BareRecord[], number = true): Logs {
  return {
    ...logs,
    bare: logs.bare.map((file) => (file.source === source ? { source, records: number ? renumbered(change(file.records)) : change(file.records) } : file)),
  }
}
