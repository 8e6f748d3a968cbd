// In which order two things are measured against each other: blocks of ABBA or BAAB, drawn by seed. Within a block a linear drift
// of the machine weighs on both alike; across blocks the draw keeps any rhythm of the machine from siding with one.
import { random } from '../../contract/random.ts'

export type Side = 'a' | 'b'

/** Two pairs a block; an odd last pair is half a block. Neighbours (0 and 1, 2 and 3, …) are a pair. */
export function abba(pairs: number, seed: number): Side[] {
  const draws = random(seed, 'compare/abba')
  const order: Side[] = []
  while (order.length < pairs * 2) {
    const [first, second]: [Side, Side] = draws.next() < 0.5 ? ['a', 'b'] : ['b', 'a']
    order.push(first, second, second, first)
  }
  return order.slice(0, pairs * 2)
}
