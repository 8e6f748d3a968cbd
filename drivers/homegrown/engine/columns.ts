// Arrays in Postgres' binary format, built in place. Trade-off: buffers are kept at the size of the largest batch so far,
// for no allocation per row; a column may be used again once its query was handed to the socket.
const headerBytes = 20

export type ColumnType = 'int8' | 'int4' | 'int2' | 'float8' | 'text'
const oids: Readonly<Record<ColumnType, number>> = { int8: 20, int4: 23, int2: 21, float8: 701, text: 25 }

export class Column {
  #buffer = Buffer.allocUnsafe(4_096)
  #length = headerBytes
  #count = 0
  readonly #oid: number

  constructor(type: ColumnType) {
    this.#oid = oids[type]
  }

  clear(): void {
    this.#length = headerBytes
    this.#count = 0
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

  text(value: string): void {
    const at = this.#grow(4 + value.length * 3)
    const bytes = this.#buffer.write(value, at + 4, 'utf8')
    this.#buffer.writeInt32BE(bytes, at)
    this.#length = at + 4 + bytes
  }

  /** A view on the array: valid until the next `clear`. */
  array(): Buffer {
    this.#buffer.writeInt32BE(1, 0) // one dimension
    this.#buffer.writeInt32BE(0, 4) // without NULLs
    this.#buffer.writeInt32BE(this.#oid, 8)
    this.#buffer.writeInt32BE(this.#count, 12)
    this.#buffer.writeInt32BE(1, 16) // lower bound
    return this.#buffer.subarray(0, this.#length)
  }

  #grow(bytes: number): number {
    const at = this.#length
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + bytes))
      this.#buffer.copy(larger, 0, 0, at)
      this.#buffer = larger
    }
    this.#length = at + bytes
    this.#count++
    return at
  }
}
