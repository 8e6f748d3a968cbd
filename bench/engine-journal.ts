// Reads what the engine says it recorded, in bulk, after the load: the only question that an engine is asked.
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Deployment } from '../contract/driver.ts'

const idsAtOnce = 5_000
const flushChars = 1 << 16

/** Writes a line for each entry; the ids are those of the history's starts. */
export async function writeJournal(deployment: Deployment, historyFile: string, journalFile: string): Promise<void> {
  const out = createWriteStream(journalFile, { flags: 'wx' })
  const ids = await startedIds(historyFile)
  let text = ''
  const flush = async (): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    for await (const entry of deployment.journal(ids.slice(from, from + idsAtOnce))) {
      text += `${JSON.stringify(entry)}\n`
      if (text.length > flushChars) await flush()
    }
  }
  await flush()
  out.end()
  await once(out, 'finish')
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
