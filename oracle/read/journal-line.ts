// One line of journal.jsonl from its bytes. Knows the fields of a JournalEntry in any order; anything else (an escape, a
// fraction, another field) makes it give up, and the caller parses the line properly.
import { journalKinds } from '../evidence.ts'

export interface Scanned {
  /** The number at the end of an id of this run; -1: see `id`. */
  number: number
  id: string
  kind: number
  seq: number
  inputHash: number
  nonce: number
  effectId: string
  signalId: string
}

const quote = 0x22
const colon = 0x3a
const comma = 0x2c
const brace = 0x7d
const backslash = 0x5c
const minus = 0x2d
const stepKind = journalKinds.indexOf('step')

/** `prefix` begins the ids of this run. */
export function scanEntry(bytes: Buffer, from: number, to: number, prefix: Buffer, into: Scanned): boolean {
  into.number = -1
  into.id = into.effectId = into.signalId = ''
  into.kind = into.inputHash = -1
  into.seq = NaN
  into.nonce = 0
  if (bytes[to - 1] !== brace) return false
  for (let at = from + 1; at < to - 1;) {
    if (bytes[at] !== quote) return false
    const nameEnd = bytes.indexOf(quote, at + 1)
    if (bytes[nameEnd + 1] !== colon) return false
    const valueAt = nameEnd + 2
    const isText = bytes[valueAt] === quote
    const valueEnd = isText ? endOfText(bytes, valueAt + 1, to) : endOfNumber(bytes, valueAt, to)
    if (valueEnd < 0) return false
    if (isText ? !text(bytes, at + 1, nameEnd - at - 1, valueAt + 1, valueEnd, prefix, into) : !whole(bytes, at + 1, nameEnd - at - 1, valueAt, valueEnd, into)) return false
    at = isText ? valueEnd + 1 : valueEnd
    if (bytes[at] === comma) at++
  }
  return (into.number >= 0 || into.id !== '') && into.kind >= 0 && !Number.isNaN(into.seq)
}

function endOfText(bytes: Buffer, at: number, to: number): number {
  for (let i = at; i < to; i++) {
    const byte = bytes[i]!
    if (byte === quote) return i
    if (byte === backslash) return -1
  }
  return -1
}

function endOfNumber(bytes: Buffer, at: number, to: number): number {
  let i = bytes[at] === minus ? at + 1 : at
  const first = i
  while (i < to && bytes[i]! >= 0x30 && bytes[i]! <= 0x39) i++
  return i > first && (bytes[i] === comma || bytes[i] === brace) ? i : -1
}

// A field is told by its first letter and length: no two fields share both.
function text(bytes: Buffer, name: number, length: number, from: number, to: number, prefix: Buffer, into: Scanned): boolean {
  const first = bytes[name]
  if (first === 0x77 && length === 10) { // workflowId
    into.number = numberAfter(bytes, from, to, prefix)
    if (into.number < 0) into.id = bytes.toString('utf8', from, to)
  } else if (first === 0x6b && length === 4) into.kind = kindOf(bytes, from, to)
  else if (first === 0x65 && length === 8) into.effectId = bytes.toString('utf8', from, to)
  else if (first === 0x73 && length === 8) into.signalId = bytes.toString('utf8', from, to)
  else return false
  return true
}

function whole(bytes: Buffer, name: number, length: number, from: number, to: number, into: Scanned): boolean {
  const negative = bytes[from] === minus
  let value = 0
  for (let i = negative ? from + 1 : from; i < to; i++) value = value * 10 + bytes[i]! - 0x30
  if (negative) value = -value
  const first = bytes[name]
  if (first === 0x73 && length === 3) into.seq = value
  else if (first === 0x6e && length === 5) into.nonce = value
  else if (first === 0x69 && length === 9) into.inputHash = value
  else return false
  return true
}

function kindOf(bytes: Buffer, from: number, to: number): number {
  // Steps outnumber all others: the only kind of four letters needs no string.
  if (to - from === 4) return bytes[from + 1] === 0x74 ? stepKind : -1
  return journalKinds.indexOf(bytes.toString('latin1', from, to) as (typeof journalKinds)[number])
}

function numberAfter(bytes: Buffer, from: number, to: number, prefix: Buffer): number {
  const digits = to - from - prefix.length
  if (digits < 1 || digits > 8) return -1
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return -1
  let number = 0
  for (let i = from + prefix.length; i < to; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}
