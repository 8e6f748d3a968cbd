// How fast a counter goes up: read at both ends of a window, after a warm-up. What is counted has to be durable by then.
import { setTimeout as delay } from 'node:timers/promises'
import type { SoloSettings } from './solo.ts'

/** Per second. */
export async function rateOf(read: () => number, { seconds, warmupSeconds }: Pick<SoloSettings, 'seconds' | 'warmupSeconds'>): Promise<number> {
  await delay(warmupSeconds * 1e3)
  const [before, beganMs] = [read(), performance.now()]
  await delay(seconds * 1e3)
  return (read() - before) / ((performance.now() - beganMs) / 1e3)
}

/** So many of them at any time, each followed by the next, until the process ends; a failure ends it at once. */
export function keepGoing(inFlight: number, once: (n: number) => Promise<unknown>): void {
  let n = 0
  const loop = async (): Promise<never> => {
    for (;;) await once(n++)
  }
  for (let i = 0; i < inFlight; i++) {
    loop().catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  }
}
