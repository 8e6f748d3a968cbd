// A leak in the worker itself, for the fault that takes its memory away: a heap that has grown to what its work needs asks for no
// more, and would outlive any limit. Trade-off: whose memory it is that runs out is ours; how the worker ends, and what of its work is left, is not.

/** What a harness tells a worker that is to leak. It does until it ends: its heap has a limit of its own, if nobody sets one. */
export const leakMessage = 'leak'

const everyMs = 5
const numbersEach = 100_000

export function leak(): void {
  const kept: number[][] = []
  setInterval(() => kept.push(new Array<number>(numbersEach).fill(kept.length)), everyMs)
}
