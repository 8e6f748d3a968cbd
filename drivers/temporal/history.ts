// Turns one event history into journal entries. Steps carry their seq as activity id, timers in their summary, children in
// their workflow id. Which wait consumed a signal is nowhere in a history but in the run's output, so a signal gets its seq from
// there, and only one that was consumed by a finished run becomes an entry.
import type { Connection } from '@temporalio/client'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import type { NumberedOp } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { JournalEntry, Output, Reply, SignalEnvelope } from '../../contract/logs.ts'
import { hash32 } from '../../contract/random.ts'

export type HistoryPage = Awaited<ReturnType<Connection['workflowService']['getWorkflowExecutionHistory']>>
export type HistoryEvent = NonNullable<NonNullable<HistoryPage['history']>['events']>[number]

export interface ReadHistory {
  readonly entries: readonly JournalEntry[]
  readonly children: readonly string[]
  /** The run that continued as this one. */
  readonly previousRunId: string | null
}

/** @param events of one run, complete, in order */
export function readHistory(workflowId: string, events: readonly HistoryEvent[]): ReadHistory {
  const entries: JournalEntry[] = []
  const children: string[] = []
  const scheduled = new Map<string, { seq: number; inputHash: number }>()
  const timers = new Map<string, readonly [what: string, seq: number]>()
  const signals = new Set<string>()
  let previousRunId: string | null = null

  const stepEnds = (scheduledEventId: unknown, reply?: Reply): void => {
    const step = scheduled.get(String(scheduledEventId))!
    const evidence = reply === undefined ? {} : { nonce: reply.n, ...(reply.e === undefined ? {} : { effectId: reply.e }) }
    entries.push({ workflowId, kind: 'step', ...step, ...evidence })
  }

  for (const event of events) {
    const id = String(event.eventId)
    if (event.workflowExecutionStartedEventAttributes) {
      const { input, continuedExecutionRunId } = event.workflowExecutionStartedEventAttributes
      previousRunId = continuedExecutionRunId || null
      if (previousRunId === null) entries.push({ workflowId, kind: 'start', seq: 0, inputHash: hashOf(decoded(input?.payloads)) })
    } else if (event.activityTaskScheduledEventAttributes) {
      const { activityId, input } = event.activityTaskScheduledEventAttributes
      const op = decoded(input?.payloads) as Extract<NumberedOp, { step: string }>
      scheduled.set(id, { seq: Number(activityId), inputHash: hashOf(op.input.i) })
    } else if (event.activityTaskCompletedEventAttributes) {
      const { scheduledEventId, result } = event.activityTaskCompletedEventAttributes
      stepEnds(scheduledEventId, decoded(result?.payloads) as Reply)
    } else if (event.activityTaskFailedEventAttributes) stepEnds(event.activityTaskFailedEventAttributes.scheduledEventId)
    else if (event.activityTaskTimedOutEventAttributes) stepEnds(event.activityTaskTimedOutEventAttributes.scheduledEventId)
    else if (event.timerStartedEventAttributes) {
      const [what, seq] = (decoded([event.userMetadata?.summary ?? {}]) as string).split('/')
      timers.set(id, [what!, Number(seq)])
    } else if (event.timerFiredEventAttributes) {
      const [what, seq] = timers.get(String(event.timerFiredEventAttributes.startedEventId))!
      entries.push({ workflowId, kind: what === 'sleep' ? 'timer' : 'signal', seq })
    } else if (event.workflowExecutionSignaledEventAttributes) {
      signals.add((decoded(event.workflowExecutionSignaledEventAttributes.input?.payloads) as SignalEnvelope).s)
    } else if (event.childWorkflowExecutionStartedEventAttributes) {
      children.push(event.childWorkflowExecutionStartedEventAttributes.workflowExecution!.workflowId!)
    } else if (event.childWorkflowExecutionCompletedEventAttributes) {
      const child = event.childWorkflowExecutionCompletedEventAttributes.workflowExecution!.workflowId!
      entries.push({ workflowId, kind: 'child', seq: Number(child.slice(child.lastIndexOf('/') + 1)) })
    } else if (event.workflowExecutionCompletedEventAttributes) {
      const { trace } = decoded(event.workflowExecutionCompletedEventAttributes.result?.payloads) as Output
      for (const [i, entry] of trace.entries()) {
        if (typeof entry === 'number' || !('wait' in entry) || entry.signalId === null || !signals.has(entry.signalId)) continue
        entries.push({ workflowId, kind: 'signal', seq: i + 1, signalId: entry.signalId })
      }
      entries.push({ workflowId, kind: 'end', seq: -1 })
    } else if (closes(event)) entries.push({ workflowId, kind: 'end', seq: -1 })
  }
  return { entries, children, previousRunId }
}

function closes(event: HistoryEvent): boolean {
  return Boolean(event.workflowExecutionFailedEventAttributes ?? event.workflowExecutionCanceledEventAttributes
    ?? event.workflowExecutionTerminatedEventAttributes ?? event.workflowExecutionTimedOutEventAttributes)
}

function decoded(payloads: readonly Payload[] | null | undefined): Json {
  const [first] = payloads ?? []
  return first === undefined ? null : defaultPayloadConverter.fromPayload(first)
}

function hashOf(input: Json): number {
  return hash32(JSON.stringify(input))
}
