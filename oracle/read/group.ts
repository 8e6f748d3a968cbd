// Orders rows by run: a counting sort, then a small sort in the runs that need one. Linear for logs as they are written.

interface Grouped {
  /** The rows of run i are order[offsets[i]] to order[offsets[i + 1]]. */
  readonly offsets: Uint32Array
  readonly order: Uint32Array
}

/** `runOf[row]` is the row's run; `compare` orders two rows of one run. */
export function groupRows(runOf: Uint32Array, count: number, runs: number, compare: (a: number, b: number) => number): Grouped {
  const offsets = new Uint32Array(runs + 1)
  for (let row = 0; row < count; row++) offsets[runOf[row]! + 1]!++
  for (let run = 0; run < runs; run++) offsets[run + 1]! += offsets[run]!
  const next = offsets.slice(0, runs)
  const order = new Uint32Array(count)
  for (let row = 0; row < count; row++) order[next[runOf[row]!]!++] = row
  for (let run = 0; run < runs; run++) {
    const from = offsets[run]!
    const to = offsets[run + 1]!
    for (let i = from + 1; i < to; i++) {
      if (compare(order[i - 1]!, order[i]!) <= 0) continue
      order.subarray(from, to).sort(compare)
      break
    }
  }
  return { offsets, order }
}

// One function a type: shared by several it would run at a fraction of the speed.

/** The column, in another order. */
export function reorderedWhole(column: Uint32Array, order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!
  return out
}

/** The column, in another order. */
export function reorderedDouble(column: Float64Array, order: Uint32Array): Float64Array {
  const out = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!
  return out
}

/** The column, in another order. */
export function reorderedSigned(column: Int32Array, order: Uint32Array): Int32Array {
  const out = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!
  return out
}

/** The column, in another order. */
export function reorderedBytes(column: Uint8Array, order: Uint32Array): Uint8Array {
  const out = new Uint8Array(order.length)
  for (let i = 0; i < order.length; i++) out[i] = column[order[i]!]!
  return out
}
