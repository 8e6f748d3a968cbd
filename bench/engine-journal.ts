// Reads what the engine says it recorded, in bulk, after the load: the only question that an engine is asked.
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import type { Deployment } from '../contract/driver.ts'

const idsAtOnce = 5_000
const flushChars = 1 << 16
/** A driver that says nothing for so long will not say more. */
const silenceSeconds = 60
const watchMs = 1_000

/** Writes a line for each entry; the ids are those of the history's starts. `historyFile` is null for an engine without a journal. */
export async function writeJournal(deployment: Deployment, historyFile: string | null, journalFile: string): Promise<void> {
  const silence = Promise.withResolvers<never>()
  let heardMs = performance.now()
  const watch = setInterval(() => {
    if (performance.now() - heardMs > silenceSeconds * 1_000) silence.reject(new Error(`expected the driver's journal to go on, found no entry for ${silenceSeconds} s`))
  }, watchMs)
  try {
    const written = pipeline(text(deployment, historyFile === null ? [] : await startedIds(historyFile), () => void (heardMs = performance.now())), createWriteStream(journalFile, { flags: 'wx' }))
    await Promise.race([written, silence.promise])
  } finally {
    clearInterval(watch)
  }
}

async function* text(deployment: Deployment, ids: readonly string[], heard: () => void): AsyncGenerator<string> {
  let lines = ''
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    for await (const entry of deployment.journal(ids.slice(from, from + idsAtOnce))) {
      lines += `${JSON.stringify(entry)}\n`
      if (lines.length < flushChars) continue
      heard()
      yield lines
      lines = ''
    }
    heard()
  }
  yield lines
}

async function startedIds(historyFile: string): Promise<string[]> {
  const ids = new Set<string>()
  for await (const line of createInterface({ input: createReadStream(historyFile) })) {
    if (!line.includes('"op":"start"')) continue
    const id = /"id":"([^"]+)"/.exec(line)?.[1]
    if (id !== undefined) ids.add(id)
  }
  return [...ids]
}
