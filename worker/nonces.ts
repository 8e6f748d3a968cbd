// Delivery nonces of a worker: whole numbers below 2^53 that no other process of the run gives. The world's are below 2^40;
// a worker's begin with the ordinal that ends its incarnation's name.
const span = 2 ** 40
const ordinals = 2 ** 13

/** @throws when the incarnation does not end in a number from 1 to 8191 */
export function nonces(incarnation: string): () => number {
  const ordinal = Number(/(\d+)$/.exec(incarnation)?.[1])
  if (!(ordinal >= 1 && ordinal < ordinals)) throw new Error(`expected an incarnation that ends in a number from 1 to ${ordinals - 1}, found '${incarnation}'`)
  let next = ordinal * span
  return () => next++
}
