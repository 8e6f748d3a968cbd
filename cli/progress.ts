// Live progress with the time left. On a terminal one line that is rewritten, in a log a line for each stage.
import type { Plan, Point } from '../contract/plan.ts'
import type { Watcher } from '../bench/run.ts'

/** Services, drain, restart, journal and oracle of a point: a first guess, replaced by what the points so far took. */
const overheadSeconds = 20
const batchSeconds = 3
const refreshMs = 500

export function progressOn(out: NodeJS.WriteStream, plan: Plan): Watcher & { end(): void } {
  const began = performance.now()
  const guesses = plan.points.map(guessSeconds)
  let at = 0
  let stretch = 1
  /** Of the points that were played: guessed, and taken. A skipped one says nothing about the rest. */
  const played = { guessed: 0, taken: 0 }
  let pointBegan = began
  let line = ''
  let painted = 0

  const elapsedSeconds = (): number => (performance.now() - began) / 1e3
  function secondsLeft(): number {
    const ahead = guesses.slice(at).reduce((a, b) => a + b, 0) * stretch
    return Math.max(0, guesses[at] === 0 ? ahead : ahead - (performance.now() - pointBegan) / 1e3)
  }
  function say(text: string, urgent: boolean): void {
    line = `[${at + 1}/${plan.points.length}] ${text.split('\n')[0]} · ${clock(elapsedSeconds())} gone, about ${clock(secondsLeft())} left`
    if (out.isTTY) {
      if (!urgent && performance.now() - painted < refreshMs) return
      painted = performance.now()
      out.write(`\r\u001b[2K${line.slice(0, (out.columns ?? 120) - 1)}`)
    } else if (urgent) out.write(`${line}\n`)
  }

  let current: Point | undefined
  return {
    point(point, index) {
      at = index
      current = point
      pointBegan = performance.now()
      say(point.id, true)
    },
    stage: (what) => say(`${current?.id}: ${what}`, true),
    progress: ({ phase, started, completed, inFlight }) => say(`${current?.id}: ${phase}, ${started} started, ${completed} ended, ${inFlight} in flight`, false),
    pointDone(result) {
      if (result.state === 'done') {
        played.guessed += guesses[at]!
        played.taken += (performance.now() - pointBegan) / 1e3
        stretch = played.taken / played.guessed
      }
      // Nothing is left of it.
      guesses[at] = 0
      if (result.state === 'skipped') say(`${result.id}: skipped: ${result.why}`, true)
      else say(`${result.id}: ${result.state === 'done' ? result.verdict : `${result.state}: ${result.why}`}`, true)
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
