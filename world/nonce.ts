// Delivery nonces of the world: 1, 2, 3 …, contiguous in the ledger, so that a reply taken out of it is missed. Nothing is
// random, hence nothing can collide. The range ends where those of the workers begin (worker/nonces.ts: 2^40 and above, one
// span per incarnation).

/** The world's nonces are whole numbers from 1 to below this. */
export const worldNoncesBelow = 2 ** 40

export function worldNonces(): () => number {
  let last = 0
  return () => {
    if (++last >= worldNoncesBelow) throw new Error(`the world has given all ${worldNoncesBelow} nonces; start a new run`)
    return last
  }
}
