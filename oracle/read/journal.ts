// J: one entry a line, millions of them, so the fields are read from the bytes; JSON.parse only where a line is not of the
// plain shape that JSON.stringify gives a JournalEntry (escapes, fractions, other fields).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from '../../contract/logs.ts'
import { journalKinds, type FileReport, type Journal } from '../evidence.ts'
import { eachChunk } from './chunks.ts'
import { groupRows, reorderedDouble, reorderedWhole } from './group.ts'
import { scanEntry, type Scanned } from './journal-line.ts'
import type { Runs } from './runs.ts'

const newline = 0x0a

export class JournalReading {
  readonly #runs: Runs
  readonly #prefix: Buffer
  readonly #effectIds = new Map<number, string>()
  readonly #signalIds = new Map<number, string>()
  readonly #damage: string[] = []
  #rows = 0
  #lines = 0
  #run = new Uint32Array(1024)
  #kind = new Uint32Array(1024)
  #seq = new Float64Array(1024)
  #nonce = new Float64Array(1024)
  #inputHash = new Float64Array(1024)
  #line = new Uint32Array(1024)

  constructor(runs: Runs) {
    this.#runs = runs
    this.#prefix = Buffer.from(runs.prefix)
  }

  /** `required`: a missing file is damage, since the driver declares that it has a journal. */
  async read(folder: string, file: string, required: boolean): Promise<FileReport> {
    const path = join(folder, file)
    if (!existsSync(path)) {
      if (required) this.#damage.push('the file is missing')
      return this.report(file)
    }
    const scanned: Scanned = { number: -1, id: '', kind: 0, seq: 0, inputHash: -1, nonce: 0, effectId: '', signalId: '' }
    const { torn } = await eachChunk(path, (bytes, from, to) => {
      for (let at = from; at < to;) {
        const end = bytes.indexOf(newline, at)
        this.#lines++
        if (scanEntry(bytes, at, end, this.#prefix, scanned)) this.#push(scanned)
        else this.#parse(bytes.toString('utf8', at, end))
        at = end + 1
      }
    })
    // An engine's journal has no end record, so whatever stood after a torn line is lost without a trace.
    if (torn !== '') this.#damage.push(`its last line is torn: ${torn.slice(0, 60)}`)
    return this.report(file)
  }

  #parse(text: string): void {
    try {
      this.add(JSON.parse(text) as JournalEntry)
    } catch {
      this.#damage.push(`line ${this.#lines} can't be understood: ${text.slice(0, 60)}`)
    }
  }

  /** A line in memory. */
  take(entry: JournalEntry): void {
    this.#lines++
    this.add(entry)
  }

  add({ workflowId, kind, seq, inputHash = -1, nonce = 0, effectId = '', signalId = '' }: JournalEntry): void {
    if (typeof workflowId !== 'string' || typeof seq !== 'number' || !journalKinds.includes(kind)) throw new Error('not a journal entry')
    this.#push({ number: -1, id: workflowId, kind: journalKinds.indexOf(kind), seq, inputHash, nonce, effectId, signalId })
  }

  #push({ number, id, kind, seq, inputHash, nonce, effectId, signalId }: Scanned): void {
    if (this.#rows === this.#run.length) this.#grow()
    const row = this.#rows++
    this.#run[row] = (number < 0 ? this.#runs.of(id) : this.#runs.numbered(number)).index
    this.#kind[row] = kind
    this.#seq[row] = seq
    this.#nonce[row] = nonce
    this.#inputHash[row] = inputHash
    this.#line[row] = this.#lines
    if (effectId !== '') this.#effectIds.set(this.#lines, effectId)
    if (signalId !== '') this.#signalIds.set(this.#lines, signalId)
  }

  #grow(): void {
    const grown = <C extends Uint32Array | Float64Array>(column: C): C => {
      const out = new (column.constructor as new (length: number) => C)(column.length * 2)
      out.set(column)
      return out
    }
    this.#run = grown(this.#run)
    this.#kind = grown(this.#kind)
    this.#seq = grown(this.#seq)
    this.#nonce = grown(this.#nonce)
    this.#inputHash = grown(this.#inputHash)
    this.#line = grown(this.#line)
  }

  report(file: string): FileReport {
    return { file, log: 'journal', records: this.#lines, damage: this.#damage.slice(0, 5), infos: [] }
  }

  /** Groups what was read; call it when all runs are known. */
  finish(): Journal {
    const seq = this.#seq
    const line = this.#line
    const { offsets, order } = groupRows(this.#run, this.#rows, this.#runs.all.length, (a, b) => seq[a]! - seq[b]! || line[a]! - line[b]!)
    return {
      count: this.#rows, offsets, kind: reorderedWhole(this.#kind, order), seq: reorderedDouble(seq, order), nonce: reorderedDouble(this.#nonce, order),
      inputHash: reorderedDouble(this.#inputHash, order), line: reorderedWhole(line, order), effectIds: this.#effectIds, signalIds: this.#signalIds,
    }
  }
}
