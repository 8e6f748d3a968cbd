// The ledger of steps that touch nothing: 32 bytes a step (layout: contract/logs.ts), written by one write(2) for all bodies
// that ran in one go, before they resolve. A kill -9 loses nothing that a body returned; it may tear the last record. Very
// many bodies are written in parts, so that they do not all wait, and fill the memory, for the last.
import { closeSync, openSync, writeSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { bareRecord } from '../contract/logs.ts'

const { bytes, magic, tick, step, end } = bareRecord
const recordsPerWrite = 2048

export interface BareLedger {
  /** Resolves once the record is written. workflow: the number at the end of the workflow's id. */
  append(workflow: number, seq: number, nonce: number, prev: number): Promise<void>
  close(): void
}

export function openBareLedger(folder: string, incarnation: string, runId: string): BareLedger {
  if (endianness() !== 'LE') throw new Error('bare ledgers are little-endian, this machine is not; run on another one')
  const file = openSync(join(folder, `bare-${incarnation}.bin`), 'wx')
  const buffer = Buffer.from(new ArrayBuffer(recordsPerWrite * bytes))
  // The same bytes as words and doubles: a fraction of the cost of Buffer's methods, which must not depend on the machine's order.
  const words = new Uint32Array(buffer.buffer)
  const doubles = new Float64Array(buffer.buffer)
  let used = 0
  let count = 0
  let pending = Promise.withResolvers<void>()
  let scheduled = false

  buffer.write(magic, 0, 'latin1')
  buffer.writeUInt32LE(1, 4)
  buffer.write(runId.slice(0, 24), 8, 'latin1')
  writeSync(file, buffer, 0, bytes)

  /** Returns the place of the record's first word; its other words are of whatever was there. */
  function record(kind: number): number {
    const at = used >> 2
    used += bytes
    words[at] = ++count
    words[at + 1] = kind
    return at
  }

  /** The three doubles after a record's first two words. */
  function rest(at: number, first: number): void {
    doubles[(at >> 1) + 1] = first
    doubles[(at >> 1) + 2] = 0
    doubles[(at >> 1) + 3] = 0
  }

  function write(): void {
    writeSync(file, buffer, 0, used)
    used = 0
    const written = pending
    pending = Promise.withResolvers<void>()
    written.resolve()
  }

  const writeRest = (): void => {
    scheduled = false
    if (used > 0) write()
  }

  return {
    append(workflow, seq, nonce, prev) {
      if (!scheduled) {
        scheduled = true
        // After all promise jobs of this callback, and before the next: an engine's batch is one write, and waits for no other I/O.
        process.nextTick(writeRest)
      }
      if (used === buffer.length) write()
      if (used === 0) rest(record(tick), Number(process.hrtime.bigint()) / 1e6)
      const at = record(step)
      words[at + 2] = workflow
      words[at + 3] = seq
      doubles[(at >> 1) + 2] = nonce
      doubles[(at >> 1) + 3] = prev
      return pending.promise
    },
    close() {
      if (used > 0) write()
      const at = record(end)
      rest(at, 0)
      words[at + 2] = count
      writeSync(file, buffer, 0, used)
      used = 0
      closeSync(file)
    },
  }
}
