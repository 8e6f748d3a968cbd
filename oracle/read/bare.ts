// Reads bare-<incarnation>.bin, 32 bytes a record, straight into columns: these logs dominate everything that the oracle reads.
// A file without an end record is whole only if its process is known to have died; a torn last record is what kill -9 leaves.
import { endianness } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bareRecord } from '../../contract/logs.ts'
import type { BareSteps, Contradiction, FileReport, ProcessLife } from '../evidence.ts'
import { groupRows, reorderedDouble, reorderedWhole } from './group.ts'
import { Numbering } from './numbering.ts'
import type { Runs } from './runs.ts'

const { bytes, magic, tick, step, end } = bareRecord
/** Of the steps, in the order of the files. */
type BareColumns = { seq: Uint32Array; nonce: Float64Array; prev: Float64Array; atMs: Float64Array; file: Uint32Array; n: Uint32Array }

const namePattern = /^bare-(.+)\.bin$/

export class BareReading {
  readonly contradictions: Contradiction[] = []
  readonly #runs: Runs
  readonly #runId: string
  readonly #lives: readonly ProcessLife[]
  readonly #sources: string[] = []
  readonly #files: string[] = []
  #rows = 0
  readonly #run: Uint32Array
  readonly #columns: BareColumns

  /** `bytes` of all files together bound their rows; those that are not used take no memory. */
  constructor(runs: Runs, runId: string, lives: readonly ProcessLife[], mostBytes: number) {
    const most = Math.floor(mostBytes / bytes)
    this.#runs = runs
    this.#runId = runId
    this.#lives = lives
    this.#run = new Uint32Array(most)
    this.#columns = { seq: new Uint32Array(most), nonce: new Float64Array(most), prev: new Float64Array(most), atMs: new Float64Array(most), file: new Uint32Array(most), n: new Uint32Array(most) }
  }

  static isBare(file: string): boolean {
    return namePattern.test(file)
  }

  async read(folder: string, file: string): Promise<FileReport> {
    return this.take(file, await readFile(join(folder, file)))
  }

  /** Takes a whole file's bytes. */
  take(file: string, content: Buffer): FileReport {
    const numbering = new Numbering(file, 'bare')
    const source = namePattern.exec(file)?.[1] ?? file
    const torn = content.length % bytes
    if (torn !== 0) numbering.info(`its last record is torn (${torn} of ${bytes} bytes)`)
    if (content.length < bytes) numbering.damaged('it has no header')
    else if (content.toString('latin1', 0, 4) !== magic) numbering.damaged(`it does not begin with ${magic}`)
    else if (content.toString('latin1', 8, bytes).replace(/\0+$/, '') !== this.#runId.slice(0, 24)) numbering.damaged('it belongs to another run')
    else this.#records(content, content.length - torn, numbering, this.#add(file, source))
    if (!numbering.ended && !this.#died(source)) numbering.damaged(`its end is missing, and ${source} is not known to have died`)
    return numbering.report()
  }

  #add(file: string, source: string): number {
    this.#sources.push(source)
    return this.#files.push(file) - 1
  }

  #died(source: string): boolean {
    const life = this.#lives.find((life) => life.incarnation === source)
    return life !== undefined && life.exitedMs !== null && (life.signal !== null || life.code !== 0)
  }

  #records(content: Buffer, to: number, numbering: Numbering, file: number): void {
    const count = to / bytes
    if (endianness() !== 'LE') throw new Error('bare ledgers are little-endian, this machine is not: check the folder on another one')
    const copy = aligned(content)
    const words = new Uint32Array(copy.buffer, copy.byteOffset, count * 8)
    const doubles = new Float64Array(copy.buffer, copy.byteOffset, count * 4)
    const columns = this.#columns
    let atMs = 0
    let lastNonce = 0
    for (let record = 1; record < count; record++) {
      const word = record * 8
      const double = record * 4
      const n = words[word]!
      const kind = words[word + 1]! & 0xff
      numbering.next(n)
      if (kind === step) {
        if (atMs === 0) numbering.damaged(`record ${n} is a step before any tick`)
        const nonce = doubles[double + 2]!
        if (lastNonce !== 0 && nonce !== lastNonce + 1) this.#contradict(file, n, lastNonce, nonce, words[word + 2]!)
        lastNonce = nonce
        const row = this.#rows++
        this.#run[row] = this.#runs.numbered(words[word + 2]!).index
        columns.seq[row] = words[word + 3]!
        columns.nonce[row] = nonce
        columns.prev[row] = doubles[double + 3]!
        columns.atMs[row] = atMs
        columns.file[row] = file
        columns.n[row] = n
      } else if (kind === tick) {
        const at = doubles[double + 1]!
        if (!(at >= atMs)) numbering.damaged(`record ${n} goes back in time`)
        atMs = at
      } else if (kind === end) numbering.end(words[word + 2]!)
      else numbering.damaged(`record ${n} is of unknown kind ${kind}`)
    }
  }

  /** A worker counts its nonces without a gap, so a jump is a lost record, and a repetition one too many. */
  #contradict(file: number, n: number, last: number, nonce: number, number: number): void {
    const repeated = nonce <= last
    this.contradictions.push({
      summary: repeated ? `nonce ${nonce} was given twice` : `a record is lost: nonce ${nonce} follows ${last}`,
      workflowId: this.#runs.numbered(number).id, lines: [`${this.#files[file]}#${n}`], missing: repeated ? [] : ['bare'],
    })
  }

  /** Groups what was read; call it when all runs are known, and once: each column goes as its ordered copy comes. */
  finish(): BareSteps {
    const { offsets, order } = this.#grouped()
    const whole = (name: 'seq' | 'file' | 'n'): Uint32Array => {
      const ordered = reorderedWhole(this.#columns[name], order)
      this.#columns[name] = ordered
      return ordered
    }
    const double = (name: 'nonce' | 'prev' | 'atMs'): Float64Array => {
      const ordered = reorderedDouble(this.#columns[name], order)
      this.#columns[name] = ordered
      return ordered
    }
    return {
      count: this.#rows, offsets, seq: whole('seq'), nonce: double('nonce'), prev: double('prev'),
      atMs: double('atMs'), file: whole('file'), n: whole('n'), sources: this.#sources, files: this.#files,
    }
  }

  #grouped(): ReturnType<typeof groupRows> {
    const { seq, atMs, file, n } = this.#columns
    return groupRows(this.#run, this.#rows, this.#runs.all.length, (a, b) => seq[a]! - seq[b]! || atMs[a]! - atMs[b]! || file[a]! - file[b]! || n[a]! - n[b]!)
  }
}

/** Typed arrays need aligned bytes; small files share a pool where they are not. */
function aligned(content: Buffer): Buffer {
  if (content.byteOffset % 8 === 0) return content
  const copy = Buffer.from(new ArrayBuffer(content.length))
  content.copy(copy)
  return copy
}
