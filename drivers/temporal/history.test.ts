// Histories that conformance does not make: runs that failed, wait still, or were renewed.
import { defaultPayloadConverter, toPayloads, type Payload } from '@temporalio/common'
import { expect, it } from 'vitest'
import { hash32 } from '../../contract/random.ts'
import { readHistory, type HistoryEvent } from './history.ts'

const payloads = (value: unknown): { payloads: Payload[] } => ({ payloads: toPayloads(defaultPayloadConverter, value)! })

/** Numbered from 1, as a server does it. */
function history(...events: Record<string, unknown>[]): HistoryEvent[] {
  return events.map((event, i) => ({ eventId: i + 1, ...event }) as unknown as HistoryEvent)
}

const started = { workflowExecutionStartedEventAttributes: { input: payloads([1]), continuedExecutionRunId: '' } }
const scheduled = (seq: number, input: unknown): Record<string, unknown> =>
  ({ activityTaskScheduledEventAttributes: { activityId: String(seq), input: payloads({ step: 's', input: { i: input, p: [] }, seq, after: 0, key: 'k' }) } })

it('journals a step that failed for good without a nonce, and the failed run\'s end', () => {
  const { entries } = readHistory('w-1', history(started, scheduled(1, 'in'), { activityTaskTimedOutEventAttributes: { scheduledEventId: 2 } }, { workflowExecutionFailedEventAttributes: {} }))
  expect(entries).toEqual([
    { workflowId: 'w-1', kind: 'start', seq: 0, inputHash: hash32('[1]') },
    { workflowId: 'w-1', kind: 'step', seq: 1, inputHash: hash32('"in"') },
    { workflowId: 'w-1', kind: 'end', seq: -1 },
  ])
})

it('does not journal what has no result yet: a step in flight, a timer that was stopped, a signal nobody took', () => {
  const signalled = { workflowExecutionSignaledEventAttributes: { signalName: 'go', input: payloads({ s: 's1', p: 1 }) } }
  const timer = { timerStartedEventAttributes: { timerId: '1' }, userMetadata: { summary: payloads('wait/2').payloads[0] } }
  const { entries } = readHistory('w-1', history(started, scheduled(1, 0), timer, signalled, { timerCanceledEventAttributes: { startedEventId: 3 } }))
  expect(entries.map(({ kind }) => kind)).toEqual(['start'])
})

it('gives a signal the seq of the wait that took it, once, though it is in the history twice', () => {
  const signalled = { workflowExecutionSignaledEventAttributes: { signalName: 'go', input: payloads({ s: 's1', p: 1 }) } }
  const output = { value: null, trace: [7, { wait: 'go', signalId: 's1', timeoutMs: null }, { wait: 'go', signalId: 'never sent', timeoutMs: null }] }
  const { entries } = readHistory('w-1', history(started, signalled, signalled, { workflowExecutionCompletedEventAttributes: { result: payloads(output) } }))
  expect(entries.filter(({ kind }) => kind === 'signal')).toEqual([{ workflowId: 'w-1', kind: 'signal', seq: 2, signalId: 's1' }])
})

it('leads from a renewed run to the run before it, and counts the first start alone', () => {
  const renewed = { workflowExecutionStartedEventAttributes: { input: payloads([1]), continuedExecutionRunId: 'before' } }
  expect(readHistory('w-1', history(renewed))).toEqual({ entries: [], children: [], previousRunId: 'before' })
})
