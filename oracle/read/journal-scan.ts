// J as columns: one entry a line, millions of them, so the fields are read from the bytes; JSON.parse only where a line is not of
// the plain shape that JSON.stringify gives a JournalEntry (escapes, fractions, other fields). Knows nothing of the other logs,
// so a thread of its own can do it while they are read.
import { stat } from 'node:fs/promises'
import type { JournalEntry } from '../../contract/logs.ts'
import { journalKinds } from '../evidence.ts'
import { eachChunk } from './chunks.ts'
import { scanEntry, type Scanned } from './journal-line.ts'

const newline = 0x0a
/** Of the shortest entry there can be, its newline included: so a file's size bounds its rows. */
const fewestBytes = 41
const mostSeq = 2 ** 31

export interface JournalColumns {
  readonly rows: number
  readonly lines: number
  /** The number at the end of the run's id, or -1 - i for ids[i]. */
  readonly run: Int32Array
  readonly kind: Uint8Array
  readonly seq: Int32Array
  readonly nonce: Float64Array
  readonly inputHash: Float64Array
  readonly line: Uint32Array
  readonly ids: readonly string[]
  /** By line. */
  readonly effectIds: ReadonlyMap<number, string>
  readonly signalIds: ReadonlyMap<number, string>
  readonly damage: readonly string[]
}

/** `prefix` begins the ids of this run. */
export async function scanJournal(path: string, prefix: string): Promise<JournalColumns> {
  const scan = new JournalScan(Math.ceil((await stat(path)).size / fewestBytes))
  const start = Buffer.from(prefix)
  const { torn } = await eachChunk(path, (bytes, from, to) => scan.chunk(bytes, from, to, start))
  // An engine's journal has no end record, so whatever stood after a torn line is lost without a trace.
  if (torn !== '') scan.damaged(`its last line is torn: ${torn.slice(0, 60)}`)
  return scan.columns()
}

/** The same from entries in memory. */
export function columnsOf(entries: readonly JournalEntry[]): JournalColumns {
  const scan = new JournalScan(entries.length)
  for (const entry of entries) scan.take(entry)
  return scan.columns()
}

class JournalScan {
  readonly #ids = new Map<string, number>()
  readonly #effectIds = new Map<number, string>()
  readonly #signalIds = new Map<number, string>()
  readonly #damage: string[] = []
  readonly #scanned: Scanned = { number: -1, id: '', kind: 0, seq: 0, inputHash: -1, nonce: 0, effectId: '', signalId: '' }
  #rows = 0
  #lines = 0
  readonly #run: Int32Array
  readonly #kind: Uint8Array
  readonly #seq: Int32Array
  readonly #nonce: Float64Array
  readonly #inputHash: Float64Array
  readonly #line: Uint32Array

  /** Rows that are not used take no memory: the system gives pages when they are written. */
  constructor(mostRows: number) {
    this.#run = new Int32Array(mostRows)
    this.#kind = new Uint8Array(mostRows)
    this.#seq = new Int32Array(mostRows)
    this.#nonce = new Float64Array(mostRows)
    this.#inputHash = new Float64Array(mostRows)
    this.#line = new Uint32Array(mostRows)
  }

  chunk(bytes: Buffer, from: number, to: number, prefix: Buffer): void {
    for (let at = from; at < to;) {
      const end = bytes.indexOf(newline, at)
      if (scanEntry(bytes, at, end, prefix, this.#scanned)) {
        this.#lines++
        this.#push(this.#scanned)
      } else this.#parse(bytes.toString('utf8', at, end))
      at = end + 1
    }
  }

  take({ workflowId, kind, seq, inputHash = -1, nonce = 0, effectId = '', signalId = '' }: JournalEntry): void {
    this.#lines++
    if (typeof workflowId !== 'string' || !Number.isInteger(seq) || Math.abs(seq) >= mostSeq || !journalKinds.includes(kind)) throw new Error('not a journal entry')
    this.#push({ number: -1, id: workflowId, kind: journalKinds.indexOf(kind), seq, inputHash, nonce, effectId, signalId })
  }

  damaged(what: string): void {
    this.#damage.push(what)
  }

  columns(): JournalColumns {
    return {
      rows: this.#rows, lines: this.#lines, run: this.#run, kind: this.#kind, seq: this.#seq, nonce: this.#nonce, inputHash: this.#inputHash, line: this.#line,
      ids: [...this.#ids.keys()], effectIds: this.#effectIds, signalIds: this.#signalIds, damage: this.#damage,
    }
  }

  #parse(text: string): void {
    const line = this.#lines + 1
    try {
      this.take(JSON.parse(text) as JournalEntry)
    } catch {
      this.#lines = line
      this.damaged(`line ${line} can't be understood: ${text.slice(0, 60)}`)
    }
  }

  #push({ number, id, kind, seq, inputHash, nonce, effectId, signalId }: Scanned): void {
    const row = this.#rows++
    this.#run[row] = number < 0 ? -1 - this.#idOf(id) : number
    this.#kind[row] = kind
    this.#seq[row] = seq
    this.#nonce[row] = nonce
    this.#inputHash[row] = inputHash
    this.#line[row] = this.#lines
    if (effectId !== '') this.#effectIds.set(this.#lines, effectId)
    if (signalId !== '') this.#signalIds.set(this.#lines, signalId)
  }

  #idOf(id: string): number {
    let index = this.#ids.get(id)
    if (index === undefined) this.#ids.set(id, (index = this.#ids.size))
    return index
  }
}
