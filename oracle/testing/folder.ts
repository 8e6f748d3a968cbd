// Built logs as the files that a run would have left.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBare, type Logs } from '../logs.ts'

export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'durabench-oracle-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function writeLogs(folder: string, logs: Logs): void {
  const text = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  writeFileSync(join(folder, 'point.json'), JSON.stringify(logs.context))
  writeFileSync(join(folder, 'history.jsonl'), text(logs.history))
  writeFileSync(join(folder, 'world.jsonl'), text(logs.world))
  writeFileSync(join(folder, 'faults.jsonl'), text(logs.faults))
  writeFileSync(join(folder, 'journal.jsonl'), text(logs.journal))
  for (const { source, records } of logs.bare) writeFileSync(join(folder, `bare-${source}.bin`), encodeBare(logs.context.runId, records))
}
