// Live progress with the time left. On a terminal one line that is rewritten, in a log a line for each stage.
import type { Plan, Point } from '../contract/plan.ts'
import type { Watcher } from '../bench/run.ts'

/** Services, drain, restart, journal and oracle of a point: a first guess, replaced by what the points so far took. */
const overheadSeconds = 20
const batchSeconds = 3
const refreshMs = 500

export function progressOn(out: NodeJS.WriteStream, plan: Plan): Watcher & { end(): void } {
  const began = performance.now()
  /** Seconds, by the point's id; a point that is done takes no more. */
  const left = new Map(plan.points.map((point) => [point.id, guessSeconds(point)]))
  /** Points under way, with their beginnings. */
  const underWay = new Map<string, number>()
  let begun = 0
  let stretch = 1
  /** Of the points that were played: guessed, and taken. A skipped one says nothing about the rest. */
  const played = { guessed: 0, taken: 0 }
  let painted = 0

  const secondsSince = (ms: number): number => (performance.now() - ms) / 1e3
  function secondsLeft(): number {
    const ahead = [...left].map(([id, guess]) => Math.max(0, guess * stretch - secondsSince(underWay.get(id) ?? performance.now())))
    return ahead.reduce((a, b) => a + b, 0) / Math.max(1, underWay.size)
  }
  function say(text: string, urgent: boolean): void {
    const line = `[${begun}/${plan.points.length}] ${text.split('\n')[0]} · ${clock(secondsSince(began))} gone, about ${clock(secondsLeft())} left`
    if (out.isTTY) {
      if (!urgent && performance.now() - painted < refreshMs) return
      painted = performance.now()
      out.write(`\r\u001b[2K${line.slice(0, (out.columns ?? 120) - 1)}`)
    } else if (urgent) out.write(`${line}\n`)
  }

  return {
    point({ id }, index) {
      begun = index + 1
      underWay.set(id, performance.now())
      say(id, true)
    },
    stage: ({ id }, what) => say(`${id}: ${what}`, true),
    progress: ({ id }, { phase, started, completed, inFlight }) => say(`${id}: ${phase}, ${started} started, ${completed} ended, ${inFlight} in flight`, false),
    pointDone({ id, state, why, verdict }) {
      if (state === 'done') {
        played.guessed += left.get(id) ?? 0
        played.taken += secondsSince(underWay.get(id) ?? performance.now())
        stretch = played.taken / played.guessed
      }
      left.delete(id)
      underWay.delete(id)
      if (state === 'skipped') say(`${id}: skipped: ${why}`, true)
      else say(`${id}: ${state === 'done' ? verdict : `${state}: ${why}`}`, true)
    },
    end() {
      if (out.isTTY) out.write('\r\u001b[2K')
    },
  }
}

function guessSeconds({ load }: Point): number {
  return overheadSeconds + load.phases.reduce((sum, phase) => sum + (phase.kind === 'batches' ? phase.sizes.length * batchSeconds : phase.seconds + phase.warmupSeconds), 0)
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
