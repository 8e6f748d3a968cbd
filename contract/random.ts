// Seeded randomness: the same seed gives the same inputs, arrivals and schedules everywhere, forever. sfc32 over a hashed
// seed: small, fast and good enough for load; not for secrets.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform whole number in [0, below). */
  below(below: number): number
  /** Exponential with the given mean: the gap between two Poisson arrivals. */
  exponential(mean: number): number
  shuffle<T>(items: readonly T[]): T[]
}

/** FNV-1a over UTF-16 code units: 32 bits, for input hashes and seeds. Not collision-proof; it finds accidents, not attacks. */
export function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** An independent stream per label, so that adding a consumer does not shift the others' numbers. */
export function random(seed: number, label = ''): Random {
  let a = hash32(`${seed}/${label}/a`)
  let b = hash32(`${seed}/${label}/b`)
  let c = hash32(`${seed}/${label}/c`)
  let d = 1
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 15; i++) next()
  const below = (n: number): number => Math.floor(next() * n)
  return {
    next,
    below,
    exponential: (mean) => -Math.log(1 - next()) * mean,
    shuffle: (items) => {
      const out = [...items]
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const held = out[i]!
        out[i] = out[j]!
        out[j] = held
      }
      return out
    },
  }
}
