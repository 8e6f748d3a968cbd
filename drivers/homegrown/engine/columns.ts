// Arrays in Postgres' binary format, built in place. Trade-off: buffers are kept at the size of the largest batch so far,
// for no allocation per row; a column may be used again once its query was handed to the socket.
const headerBytes = 20
/** As long as a length, and in no text that Postgres takes. */
const gap = '\0\0\0\0'

export type ColumnType = 'int8' | 'int4' | 'int2' | 'float8' | 'text'
const oids: Readonly<Record<ColumnType, number>> = { int8: 20, int4: 23, int2: 21, float8: 701, text: 25 }

export class Column {
  #buffer = Buffer.allocUnsafe(4_096)
  #length = headerBytes
  #count = 0
  #texts: string[] = []
  readonly #oid: number

  constructor(type: ColumnType) {
    this.#oid = oids[type]
  }

  clear(): void {
    this.#length = headerBytes
    this.#count = 0
    this.#texts = []
  }

  int8(value: number): void {
    const at = this.#grow(12)
    this.#buffer.writeInt32BE(8, at)
    this.#buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), at + 4)
    this.#buffer.writeUInt32BE(value % 0x1_0000_0000, at + 8)
  }

  int4(value: number): void {
    const at = this.#grow(8)
    this.#buffer.writeInt32BE(4, at)
    this.#buffer.writeInt32BE(value, at + 4)
  }

  int2(value: number): void {
    const at = this.#grow(6)
    this.#buffer.writeInt32BE(2, at)
    this.#buffer.writeInt16BE(value, at + 4)
  }

  float8(value: number): void {
    const at = this.#grow(12)
    this.#buffer.writeInt32BE(8, at)
    this.#buffer.writeDoubleBE(value, at + 4)
  }

  /** Written when the array is asked for: one conversion of all texts together costs a fraction of one of each. */
  text(value: string): void {
    this.#texts.push(value)
    this.#count++
  }

  /** A view on the array: valid until the next `clear`. */
  array(): Buffer {
    if (this.#texts.length > 0) this.#writeTexts()
    this.#buffer.writeInt32BE(1, 0) // one dimension
    this.#buffer.writeInt32BE(0, 4) // without NULLs
    this.#buffer.writeInt32BE(this.#oid, 8)
    this.#buffer.writeInt32BE(this.#count, 12)
    this.#buffer.writeInt32BE(1, 16) // lower bound
    return this.#buffer.subarray(0, this.#length)
  }

  /** Each text after a gap for its length. Where all is ASCII, a text has as many bytes as characters. */
  #writeTexts(): void {
    const texts = this.#texts
    const together = gap + texts.join(gap)
    let at = this.#reserve(together.length * 3)
    const bytes = this.#buffer.write(together, at, 'utf8')
    this.#length = at + bytes
    const ascii = bytes === together.length
    for (const text of texts) {
      const length = ascii ? text.length : Buffer.byteLength(text)
      this.#buffer.writeInt32BE(length, at)
      at += gap.length + length
    }
    this.#texts = []
  }

  #grow(bytes: number): number {
    const at = this.#reserve(bytes)
    this.#length = at + bytes
    this.#count++
    return at
  }

  /** Room behind what is there; returns where it begins. */
  #reserve(bytes: number): number {
    const at = this.#length
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + bytes))
      this.#buffer.copy(larger, 0, 0, at)
      this.#buffer = larger
    }
    return at
  }
}
