// Illegal changes of H.
import { earliestTimeOutMs } from '../clock-steps.ts'
import { firstTerminal, outputOf, traceOf, winningNonces } from '../path.ts'
import { noticeMs } from '../troubles.ts'
import { walk } from '../walk.ts'
import { withOutcomes, withTrace, type Corruption } from './corruption.ts'
import { freshNonce, repeatedByZombie } from './copies.ts'

export const historyCorruptions: readonly Corruption[] = [
  {
    name: 'an accepted run is nowhere to be found', log: 'H', invariant: 'admission',
    apply: ({ logs, run }) => (run.starts.some((start) => start.answer === 'ok') && firstTerminal(run) ? withOutcomes(logs, () => ({ status: 'absent' })) : null),
  },
  {
    name: 'an accepted run never ends', log: 'H', invariant: 'liveness',
    apply: ({ logs, run }) => (run.starts.some((start) => start.answer === 'ok') && firstTerminal(run) ? withOutcomes(logs, () => ({ status: 'running' })) : null),
  },
  {
    name: 'the outcome holds a reply that was never given', log: 'H', invariant: 'stability',
    apply: ({ logs, evidence, run }) => {
      const stale = winningNonces(evidence, run).values().next().value
      return stale === undefined || outputOf(run) === null ? null : withTrace(logs, (trace) => trace.map((entry) => (entry === stale ? freshNonce : entry)))
    },
  },
  {
    name: 'the outcome is another one when read again', log: 'H', invariant: 'finality',
    apply: ({ logs, run }) => {
      if (outputOf(run) === null || run.seen.length < 2 || run.seen.at(-1)!.reader !== 'reread') return null
      return withOutcomes(logs, (outcome, _reader, index) => (index === run.seen.length - 1 ? { status: 'failed', error: { code: 'changed', message: '' } } : outcome))
    },
  },
  {
    name: 'a signal is consumed twice', log: 'H', invariant: 'signals',
    apply: ({ logs, run }) => {
      const wait = traceOf(run)?.find((entry) => typeof entry === 'object' && 'wait' in entry && entry.signalId !== null)
      return wait === undefined ? null : withTrace(logs, (trace) => [...trace, wait])
    },
  },
  {
    name: 'an accepted signal is lost', log: 'H', invariant: 'signals',
    apply: ({ logs, evidence, run }) => {
      const lost = walk(evidence, run, traceOf(run) ?? []).positions.find(({ entry, floorMs }) => {
        if (typeof entry !== 'object' || !('wait' in entry) || entry.timeoutMs === null) return false
        const { signalId, timeoutMs } = entry
        return run.signals.some((call) => call.signalId === signalId && call.answer === 'ok' && call.answeredMs < earliestTimeOutMs(evidence, floorMs, timeoutMs) - noticeMs(evidence))
      })
      return lost === undefined ? null : withTrace(logs, (trace) => trace.map((entry, i) => (i === lost.seq - 1 ? { ...(entry as { wait: string; timeoutMs: number }), signalId: null } : entry)))
    },
  },
  {
    name: 'the reply of a superseded worker is in the outcome', log: 'H', invariant: 'fencing',
    apply: (sample) => {
      const repeated = repeatedByZombie(sample)
      // An end without a trace tells of no reply: a zombie's would be one that nobody recorded, which is legal.
      if (repeated === null || traceOf(sample.run) === null) return null
      const { winning, world } = repeated
      return { ...withTrace(sample.logs, (trace) => trace.map((entry) => (entry === winning ? freshNonce : entry))), world }
    },
  },
]
