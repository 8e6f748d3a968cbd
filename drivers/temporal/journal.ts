// Temporal's own word on what it recorded: the event histories of runs, of what they continued from, and of their children.
// Some histories at a time, so that a bulk read takes seconds and neither memory nor the server's limits are strained.
import { WorkflowNotFoundError } from '@temporalio/common'
import type { JournalEntry } from '../../contract/logs.ts'
import { readHistory, type HistoryEvent, type HistoryPage } from './history.ts'
import type { Link } from './link.ts'

const atOnce = 16
const pageDeadlineMs = 30_000

/** Entries of each id and of its descendants; an id that the engine does not know gives none. */
export async function* readJournal(link: Link, namespace: string, ids: readonly string[]): AsyncIterable<JournalEntry> {
  for (let i = 0; i < ids.length; i += atOnce) {
    const read = await Promise.all(ids.slice(i, i + atOnce).map((id) => family(link, namespace, id)))
    for (const entries of read) yield* entries
  }
}

async function family(link: Link, namespace: string, workflowId: string): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = []
  const children: string[] = []
  for (let runId: string | null = ''; runId !== null;) {
    const run = readHistory(workflowId, await eventsOf(link, namespace, workflowId, runId))
    // Runs are walked backwards, from the last to the first.
    entries.unshift(...run.entries)
    children.unshift(...run.children)
    runId = run.previousRunId
  }
  for (const child of children) entries.push(...await family(link, namespace, child))
  return entries
}

/** @param runId '' for the latest */
async function eventsOf(link: Link, namespace: string, workflowId: string, runId: string): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = []
  let nextPageToken: Uint8Array = new Uint8Array()
  do {
    const request = { namespace, execution: { workflowId, runId }, nextPageToken }
    try {
      const page: HistoryPage = await link.call(AbortSignal.timeout(pageDeadlineMs), () => link.connection.workflowService.getWorkflowExecutionHistory(request))
      events.push(...page.history?.events ?? [])
      nextPageToken = page.nextPageToken
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return []
      throw error
    }
  } while (nextPageToken?.length > 0)
  return events
}
