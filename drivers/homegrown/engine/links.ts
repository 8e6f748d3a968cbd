// A worker's connections: batches alone on the first, so that nothing waits in front of them; reads and messages on the second;
// watching and taking over, with its locks, on the third, which also hears hints; batches with users' statements on the fourth,
// which is opened when there is one. The last two write in transactions alone: see beginWriting.
import { Link, readOnlyApart } from './link.ts'
import type { StoreOptions } from './types.ts'

export interface Links {
  readonly writer: Link
  readonly reader: Link
  readonly watcher: Link
  readonly transactor: Link
  /** Tells all workers that something is there for them: coalesced, and only ever a hint. */
  hint(): void
  onHint(listener: () => void): void
  close(): Promise<void>
}

// A store that is just being restarted is waited for; a wrong address should be said before long.
const patienceMs = 15_000

// One plan for good: a plan made for the first batch's size would be made anew for each, and a table that was empty when it
// was made must not be scanned once it is full.
const batchOptions = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'

export async function connectLinks({ url, schema, leaseMs }: StoreOptions): Promise<Links> {
  let listener: (() => void) | null = null
  let hinting = false
  const common = { url, answerWithinMs: Math.max(leaseMs, 5_000), idleInTransactionMs: Math.max(leaseMs, 1_000) }
  const writer = new Link({ ...common, name: `${schema} writer`, options: batchOptions })
  const reader = new Link({ ...common, name: `${schema} reader`, answerWithinMs: 60_000 })
  const watcher = new Link({ ...common, name: `${schema} watcher`, answerWithinMs: 60_000, options: `-c enable_seqscan=off ${readOnlyApart}`, greeting: `LISTEN ${schema}`, onNotify: () => listener?.() })
  const transactor = new Link({ ...common, name: `${schema} transactor`, options: `${batchOptions} ${readOnlyApart}` })
  const opened = [writer, reader, watcher]
  const close = async (): Promise<void> => {
    await Promise.all([...opened, transactor].map((link) => link.close()))
  }
  await Promise.all(opened.map((link) => link.connect(patienceMs))).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    writer,
    reader,
    watcher,
    transactor,
    hint() {
      if (hinting) return
      hinting = true
      reader.query({ text: `NOTIFY ${schema}` }).catch(() => undefined).finally(() => (hinting = false))
    },
    onHint(told) {
      listener = told
    },
    close,
  }
}
