// J: read beside the other logs, since it is as large as all of them together, and put to the runs when all of those are known.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { moduleBeside } from '../../contract/beside.ts'
import type { JournalEntry } from '../../contract/logs.ts'
import type { FileReport, Journal } from '../evidence.ts'
import { groupRows, reorderedBytes, reorderedDouble, reorderedSigned, reorderedWhole } from './group.ts'
import { columnsOf, scanJournal, type JournalColumns } from './journal-scan.ts'
import type { Runs } from './runs.ts'

/** Of a file that is worth a thread, which takes a tenth of a second to start. */
const threadBytes = 16 << 20

export class JournalReading {
  readonly #columns: JournalColumns
  readonly #missing: boolean

  private constructor(columns: JournalColumns, missing: boolean) {
    this.#columns = columns
    this.#missing = missing
  }

  /** `prefix` begins the ids of this run. `required`: a missing file is damage, since the driver declares that it has a journal. */
  static async read(folder: string, file: string, prefix: string, required: boolean): Promise<JournalReading> {
    const path = join(folder, file)
    if (!existsSync(path)) return new JournalReading(columnsOf([]), required)
    return new JournalReading(await (statSync(path).size < threadBytes ? scanJournal(path, prefix) : inThread(path, prefix)), false)
  }

  static of(entries: readonly JournalEntry[]): JournalReading {
    return new JournalReading(columnsOf(entries), false)
  }

  report(file: string): FileReport {
    const { lines, damage } = this.#columns
    return { file, log: 'journal', records: lines, damage: this.#missing ? ['the file is missing'] : damage.slice(0, 5), infos: [] }
  }

  /** Puts what was read to the runs, making those that only the journal knows; call it last, and once. */
  finish(runs: Runs): Journal {
    const { rows, run, kind, seq, nonce, inputHash, line, ids, effectIds, signalIds } = this.#columns
    const index = new Uint32Array(run.buffer, run.byteOffset, rows)
    for (let row = 0; row < rows; row++) index[row] = (run[row]! < 0 ? runs.of(ids[-1 - run[row]!]!) : runs.numbered(run[row]!)).index
    const { offsets, order } = groupRows(index, rows, runs.all.length, (a, b) => seq[a]! - seq[b]! || line[a]! - line[b]!)
    return {
      count: rows, offsets, kind: reorderedBytes(kind, order), seq: reorderedSigned(seq, order), nonce: reorderedDouble(nonce, order),
      inputHash: reorderedDouble(inputHash, order), line: reorderedWhole(line, order), effectIds, signalIds,
    }
  }
}

function inThread(path: string, prefix: string): Promise<JournalColumns> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(moduleBeside(import.meta.url, './journal-thread'), { workerData: { path, prefix } })
    thread.once('message', resolve).once('error', reject).once('exit', (code) => reject(new Error(`the thread that reads ${path} ended with ${code}`)))
  })
}
