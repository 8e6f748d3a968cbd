// npm run bench:oracle [-- <a point's folder>]: how fast logs are judged, parsing, invariants and the oracle's own corruption
// checks included. Without a folder it first makes one (homegrown at full rate, all workers killed) and judges it in a process of its
// own, as `durabench check` would: what the play left in memory is not the oracle's to clean up.
// The rate counts ledger records; history and journal are read and judged in the same time and shown beside them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Point } from '../../contract/plan.ts'
import type { PointCheck } from '../../oracle/check.ts'
import { checkPoint } from '../../oracle/check.ts'
import type { Log } from '../../oracle/evidence.ts'
import { Stand } from './stand.ts'

const targetPerSecond = 1_000_000
/** For ten million records of all logs, this process and the thread that reads the journal together. */
const mostMegabytes = 2_000
/** Fewer would time the start of the process and its compiler. */
const fewestRecords = 300_000

const { values, positionals } = parseArgs({ options: { seconds: { type: 'string', default: '20' } }, allowPositionals: true })
const seconds = Number(values.seconds)
if (!(seconds > 0)) throw new Error(`expected --seconds above 0, found ${values.seconds}`)

if (positionals[0] === undefined) {
  await using stand = await Stand.open()
  const { folder } = await stand.play(faulty(), 1)
  process.exitCode = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder], { stdio: 'inherit' }).status ?? 1
} else {
  const beganMs = performance.now()
  const cpu = process.cpuUsage()
  const check = await checkPoint(positionals[0])
  report(check, (performance.now() - beganMs) / 1e3, process.cpuUsage(cpu))
}

function report({ verdict, invariants, evidence }: PointCheck, took: number, { user, system }: NodeJS.CpuUsage): void {
  const records = (...logs: Log[]): number => evidence.files.reduce((sum, file) => sum + (logs.includes(file.log) ? file.records : 0), 0)
  const ledger = records('bare', 'world')
  const all = records('bare', 'world', 'history', 'journal', 'faults')
  const perSecond = ledger / took
  const faults = evidence.faults.filter(({ provedMs }) => provedMs !== null).length
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  const ok = perSecond >= targetPerSecond && ledger >= fewestRecords && faults > 0 && peakMegabytes < mostMegabytes * Math.max(1, all / 1e7)
  console.log(`oracle: ${Math.round(perSecond)} ledger records/s (target ${targetPerSecond}): ${ok ? 'ok' : 'MISSED'}`)
  console.log(`  ledger    ${ledger} records in ${took.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} CPU seconds${ledger < fewestRecords ? `; too few to tell, at least ${fewestRecords}: use a longer --seconds` : ''}`)
  console.log(`  all logs  ${all} records (${records('history')} history, ${records('journal')} journal), ${Math.round(all / took)}/s`)
  console.log(`  memory    ${Math.round(peakMegabytes)} MB at most (target: below ${mostMegabytes} for 10,000,000 records)`)
  console.log(`  judged    ${evidence.runs.length} runs, ${faults} proved faults, ${invariants.length} invariants: ${verdict}`)
  for (const { name, verdict: found, why, findings } of invariants) if (found === 'fail') console.log(`  violated  ${name}: ${findings[0]?.summary ?? why}`)
  process.exitCode = ok ? 0 : 1
}

function faulty(): Point {
  return {
    id: 'oracle/homegrown', leg: 'oracle', driver: 'homegrown', variant: 'default', scenario: 'bare-steps', params: { steps: 20, payloadBytes: 50 },
    workers: 2,
    load: {
      phases: [{ name: 'full-load', kind: 'closed', concurrency: 256, seconds, warmupSeconds: 1 }],
      followedShare: 1, doubledShare: 0, callDeadlineMs: 10_000,
    },
    chaos: {
      faults: [{ id: 'kill-all', kind: 'kill', role: 'worker', slot: 'all', trigger: { at: 'time', phase: 'full-load', afterMs: seconds * 600 }, heal: { afterMs: 0, identity: 'same' } }],
      operatorAfterMs: 0,
    },
    invariants: ['admission', 'effects', 'claimed', 'stability', 'order', 'finality', 'liveness', 'evidence'],
    expect: 'pass',
    bareLedger: 'on',
    capSeconds: seconds * 3,
  }
}
