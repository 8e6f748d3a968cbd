// Micro-benchmarks of our own hot paths: what the harness itself costs for each start, line and record. They say where its time
// goes, never how fast an engine is. To add one: a name, a function, and how often it does the thing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bench } from 'tinybench'
import { scanAnswers } from '../load/answers.ts'
import { nowMs, timeText } from '../load/clock.ts'
import { LatencyHistogram } from '../load/histogram.ts'
import { History } from '../load/history.ts'
import { pairedRatio } from './compare/ratio.ts'

interface MicroBenchmark {
  readonly name: string
  /** Does it `times` times: what takes nanoseconds can't be timed one by one. */
  readonly run: () => void
  readonly times: number
}

const timeMs = 300
/** Also the answers per line of a busy app. */
const batch = 100

function repeat(name: string, once: () => void): MicroBenchmark {
  return { name, times: batch, run: () => { for (let i = 0; i < batch; i++) once() } }
}

/** Prints a table: nanoseconds each, and how sure that is. */
export async function micro(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-micro-'))
  const history = await History.create(folder, (why) => { throw new Error(why) })
  try {
    const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5 })
    const benchmarks = [...recording(), ...historyLines(history), ...intake(), ...comparing()]
    const times = new Map(benchmarks.map((benchmark) => [benchmark.name, benchmark.times]))
    for (const { name, run } of benchmarks) bench.add(name, run)
    await bench.run()
    console.table(bench.table(({ name, result }) => {
      if (result.state !== 'completed') throw new Error(`expected the micro-benchmark '${name}' to complete, found it ${result.state}; run it alone to see why`)
      const { mean, p50, rme } = result.latency
      const nanoseconds = (ms: number): number => Math.round(ms * 1e6 / times.get(name)!)
      return { 'hot path': name, 'median ns': nanoseconds(p50), 'mean ns': nanoseconds(mean), '± % of the mean': Number(rme.toFixed(1)) }
    }))
  } finally {
    await history.close(nowMs())
    rmSync(folder, { recursive: true })
  }
}

function recording(): MicroBenchmark[] {
  const histogram = new LatencyHistogram()
  let ms = 0
  return [
    repeat('clock: now', () => void nowMs()),
    repeat('clock: time as text', () => void timeText(ms += 0.001)),
    repeat('histogram: record', () => histogram.recordMs(ms = (ms + 7.3) % 1_000)),
  ]
}

function historyLines(history: History): MicroBenchmark[] {
  const id = '"rate-s7-123456"'
  const outcome = '{"status":"completed","output":{"value":1,"trace":[123456789]}}'
  let ms = 0
  return [
    repeat('history: invoke line', () => void history.invokeStart(ms += 0.001, id, '"bare-steps"', '{"steps":1,"payloadBytes":200}', 0, ms, '"saturate"')),
    repeat('history: ok line', () => history.startOk(ms += 0.001, 123456, id, '"started"')),
    repeat('history: seen line', () => history.seen(ms += 0.001, id, 'live', outcome)),
  ]
}

function intake(): MicroBenchmark[] {
  const outcome = { status: 'completed', output: { value: 1, trace: [123456789] } }
  const oks = JSON.stringify(Array.from({ length: batch }, (_, n) => [n, 'ok', 'started']))
  const outcomes = JSON.stringify(Array.from({ length: batch }, (_, n) => [n, 'outcome', outcome]))
  let count = 0
  const each = (): void => void count++
  return [
    { name: 'intake: encode a start', times: batch, run: () => void encodeStarts() },
    { name: 'intake: scan an acknowledgement', times: batch, run: () => scanAnswers(oks, each) },
    { name: 'intake: scan an outcome', times: batch, run: () => scanAnswers(outcomes, each) },
  ]
}

/** As load/starter.ts and load/connection.ts do it together. */
function encodeStarts(): Buffer {
  let line = ''
  for (let n = 0; n < batch; n++) line += `${n === 0 ? '[' : ','}[${n},"start","bare-steps","rate-s7-${n}",{"steps":1,"payloadBytes":200},1]`
  return Buffer.from(`${line}]\n`)
}

function comparing(): MicroBenchmark[] {
  const samples = Array.from({ length: 12 }, (_, i) => ({ a: 1_000 + i, b: 1_100 - i }))
  return [{ name: 'compare: 12 pairs', times: 1, run: () => void pairedRatio(samples, 1) }]
}
