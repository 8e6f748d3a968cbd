// What the report says about Temporal beside its measurements: promises with the page of each, variants, changed settings.
import type { Driver, Promises } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'

const page = (path: string): string => `https://docs.temporal.io/${path}`

export const promises: Promises = {
  effects: { value: 'at-least-once', page: page('activity-definition') },
  cancel: { value: 'cooperative', page: page('encyclopedia/workflow/cancellation-and-termination') },
  // The default parent close policy, which this driver leaves alone.
  orphans: { value: 'terminate', page: page('parent-close-policy') },
  startDedup: { value: 'for ever while the run is open, then for the retention period of the namespace (here 24 h)', page: page('workflow-execution/workflowid-runid') },
  timerGrainMs: { value: 1_000, page: page('workflow-execution/timers-delays') },
  limits: { value: '51,200 events or 50 MB of history a run, 2 MB a payload, 4 MB a gRPC message, 2,000 pending activities', page: page('self-hosted-guide/defaults') },
  // A workflow task that a dead worker held, or that waits in its sticky queue, moves on after 10 s; a step after its own time-out.
  recovery: { value: { who: 'engine', afterMs: 10_000 }, page: page('encyclopedia/detecting-workflow-failures') },
  // An attempt whose worker died counts as one, so the step's own policy ends it.
  poison: { value: 'fails', page: page('encyclopedia/retry-policies') },
  fencing: { value: 'a task token ends with its attempt: a late completion is refused', page: 'https://github.com/temporalio/api/blob/master/temporal/api/workflowservice/v1/service.proto' },
}

type Variant = { readonly stickyTimeoutMs: number | null; readonly heartbeat: boolean; readonly keepAlive: boolean }

/**
 * `tuned` recovers sooner: workflow tasks leave a dead worker's sticky queue after 1 s, steps heartbeat within the budget's lease, and the
 * server drops the polls of a worker that is silent, which would else swallow tasks while another is well.
 */
export const variants: { readonly default: Variant; readonly tuned: Variant } = {
  default: { stickyTimeoutMs: null, heartbeat: false, keepAlive: false },
  tuned: { stickyTimeoutMs: 1_000, heartbeat: true, keepAlive: true },
}

export function variantOf(value: Json): Variant {
  return value as Variant
}

export function serverConfig(variant: Json): Readonly<Record<string, string>> {
  return variantOf(variant).keepAlive ? { 'frontend.keepAliveTime': '2s', 'frontend.keepAliveTimeout': '1s' } : {}
}

export const settings: Driver['settings'] = [
  { name: 'Worker shutdownGraceTime', value: "the longest step's time-out (default 0)", why: 'a graceful stop lets activities in flight end instead of cancelling them' },
  { name: 'Worker taskQueue', value: 'one for each version of the code', why: 'a run goes on with the version that began it; worker deployments with pinned runs do the same with more to set up' },
  { name: 'Worker activities', value: 'one default function for every activity type', why: 'steps are known by name, and one wrapper runs them for every engine' },
  { name: 'Runtime shutdownSignals', value: '[]', why: 'worker/main.ts owns SIGTERM and asks the worker to stop' },
  { name: 'Runtime logger', value: 'WARN', why: 'logs are kept with the run' },
  { name: 'WorkflowIdReusePolicy', value: 'REJECT_DUPLICATE (default ALLOW_DUPLICATE)', why: 'an id names one run, also after that run ended' },
  { name: 'SignalWorkflowExecution request_id', value: "the signal's id (the SDK draws a new one a call)", why: "the server then deduplicates a client's retries" },
  { name: 'errors thrown by a body', value: 'fail the run (the SDK retries the workflow task for ever)', why: 'a broken body ends alike on every engine' },
  { name: 'ActivityOptions cancellationType', value: 'WAIT_CANCELLATION_COMPLETED', why: 'the documented default, which SDK 1.24 sends only when it is named; a cancelled run ends after its step in flight, not during it' },
  { name: 'Connection interceptors', value: "none; the SDK's retry policy runs in the driver", why: "the SDK's retries outlive an abort and a closed connection" },
  { name: 'Connection channelArgs grpc.max_receive_message_length', value: '256 MiB (default 4 MB)', why: 'histories are read in pages, which large payloads make larger than that' },
  { name: 'namespace retention', value: '24 h', why: 'required at registration; the least allowed' },
  { name: 'stickyQueueScheduleToStartTimeout', value: "1 s in 'tuned' (default 10 s)", why: "a dead worker's runs move on sooner" },
  { name: 'heartbeatTimeout', value: "the plan's lease in 'tuned' (default none)", why: "a dead worker's activity is tried again sooner than its time-out" },
  { name: 'frontend.keepAliveTime, frontend.keepAliveTimeout', value: "2 s and 1 s in 'tuned' (defaults 1 min and 10 s)", why: 'the open polls of a worker that stopped swallow tasks until the server drops its connection' },
]
