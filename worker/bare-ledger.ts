// The ledger of steps that touch nothing: 32 bytes a step (layout: contract/logs.ts), written by one write(2) a tick, before
// the bodies of that tick resolve. A kill -9 loses nothing that a body returned; it may tear the last record. A tick with very
// many steps is written in parts, so that their bodies do not all wait, and fill the memory, for its end.
import { closeSync, openSync, writeSync } from 'node:fs'
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
  const file = openSync(join(folder, `bare-${incarnation}.bin`), 'wx')
  const buffer = Buffer.alloc(recordsPerWrite * bytes)
  let used = 0
  let count = 0
  let pending = Promise.withResolvers<void>()
  let tickEnd: NodeJS.Immediate | null = null

  buffer.write(magic, 0, 'latin1')
  buffer.writeUInt32LE(1, 4)
  buffer.write(runId.slice(0, 24), 8, 'latin1')
  writeSync(file, buffer, 0, bytes)

  function record(kind: number): number {
    const at = used
    used += bytes
    count++
    buffer.fill(0, at, used)
    buffer.writeUInt32LE(count, at)
    buffer[at + 4] = kind
    return at
  }

  function write(): void {
    writeSync(file, buffer, 0, used)
    used = 0
    const written = pending
    pending = Promise.withResolvers<void>()
    written.resolve()
  }

  function endTick(): void {
    tickEnd = null
    if (used > 0) write()
  }

  return {
    append(workflow, seq, nonce, prev) {
      tickEnd ??= setImmediate(endTick)
      if (used === buffer.length) write()
      if (used === 0) buffer.writeDoubleLE(Number(process.hrtime.bigint()) / 1e6, record(tick) + 8)
      const at = record(step)
      buffer.writeUInt32LE(workflow, at + 8)
      buffer.writeUInt32LE(seq, at + 12)
      buffer.writeDoubleLE(nonce, at + 16)
      buffer.writeDoubleLE(prev, at + 24)
      return pending.promise
    },
    close() {
      if (tickEnd !== null) clearImmediate(tickEnd)
      if (used > 0) write()
      const at = record(end)
      buffer.writeUInt32LE(count, at + 8)
      writeSync(file, buffer, 0, used)
      closeSync(file)
    },
  }
}
