// npm run bench:generator: what the load process can do at most. Runs of one step, offered open loop to the volatile driver, one
// load process and two worker processes, since one app is full before the load process is; counted afterwards in what they wrote, not in what they say.
// Trade-off: nobody follows the runs to their end; they are read in bulk by the drain, as open phases of real plans do for most.
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bareRecord } from '../../contract/logs.ts'
import type { Point } from '../../contract/plan.ts'
import type { PhaseReport } from '../../load/protocol.ts'
import { Stand } from './stand.ts'

const targetPerSecond = 100_000
const warmupSeconds = 2

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, offered: { type: 'string', default: '105000' } } })
const offeredPerSecond = Number(values.offered)
const seconds = Number(values.seconds)
if (!(offeredPerSecond > 0 && seconds > 0)) throw new Error(`expected --offered and --seconds above 0, found ${values.offered} and ${values.seconds}`)

const point: Point = {
  id: 'generator/volatile', leg: 'generator', driver: 'volatile', variant: 'default', scenario: 'bare-steps', params: { steps: 1, payloadBytes: 0 },
  workers: 2,
  load: {
    phases: [{ name: 'open', kind: 'open', rate: { perSecond: offeredPerSecond }, seconds, warmupSeconds }],
    followedShare: 0, doubledShare: 0, callDeadlineMs: 10_000,
  },
  chaos: { faults: [], operatorAfterMs: 0 },
  invariants: [],
  expect: 'pass',
  bareLedger: 'on',
  capSeconds: seconds * 3,
}

await using stand = await Stand.open()
const { phases, folder, workersCpuSeconds, bugs } = await stand.play(point, 1)
const phase = phases[0]!
const history = await acknowledgedStarts(join(folder, 'history.jsonl'), phase)
const ledger = await stepsPerRun(folder, phase.lastIndex)
const acknowledgedIds = history.times.reduce((ids, times) => ids + (times > 0 ? 1 : 0), 0)
const oneStepEach = history.times.every((times, index) => times === 0 || ledger.steps[index] === 1)
const lasted = (phase.endMs - phase.beginMs) / 1e3
const perSecond = history.distinctInWindow / lasted
const ok = perSecond >= targetPerSecond && history.twice === 0 && oneStepEach && acknowledgedIds === phase.lastIndex && bugs.length === 0

console.log(`generator: ${Math.round(perSecond)} starts/s acknowledged over ${lasted.toFixed(1)} s (offered ${offeredPerSecond}; target ${targetPerSecond}): ${ok ? 'ok' : 'MISSED'}`)
console.log(`  ids           ${history.distinctInWindow} distinct in the window; of all ${phase.lastIndex} runs ${acknowledgedIds} acknowledged, ${history.twice} started twice`)
console.log(`  bare ledger   ${ledger.count} steps; one of each acknowledged run: ${oneStepEach ? 'yes' : 'NO'}`)
console.log(`  load process  ${share(phase.generatorCpuShare)} of a core, ${perCpuSecond(phase.generatorCpuShare * lasted, phase.started)} starts issued per CPU second`)
if (workersCpuSeconds !== null) console.log(`  app           ${share(workersCpuSeconds / (lasted + warmupSeconds))} of a core, ${perCpuSecond(workersCpuSeconds, acknowledgedIds)} starts per CPU second`)
console.log(`  accepted      p50 ${milliseconds(phase.acceptLatency?.p50Us)}, p99 ${milliseconds(phase.acceptLatency?.p99Us)}; schedule lag p99 ${milliseconds(phase.scheduleLag?.p99Us)}`)
for (const why of [...phase.invalid, ...bugs]) console.log(`  doubt         ${why}`)
process.exitCode = ok ? 0 : 1

/** `times`: how often each run, by its index, was acknowledged; `twice`: runs that were told to be new more than once. */
async function acknowledgedStarts(file: string, { beginMs, endMs, lastIndex }: PhaseReport): Promise<{ distinctInWindow: number; twice: number; times: Uint8Array }> {
  const times = new Uint8Array(lastIndex)
  let distinctInWindow = 0
  let twice = 0
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const lines = (rest + (chunk as string)).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const [, atMs, index, how] = /^\{"t":([\d.]+),"n":\d+,"ph":"ok","call":\d+,"op":"start","id":"[^"]*-(\d+)","how":"(started|existing)"\}$/.exec(line) ?? []
      if (index === undefined) continue
      const before = times[Number(index)]!++
      // A try that got no answer in time is sent again, and its run then exists: told twice, started once.
      if (before > 0) twice += how === 'started' ? 1 : 0
      else if (Number(atMs) >= beginMs && Number(atMs) < endMs) distinctInWindow++
    }
  }
  return { distinctInWindow, twice, times }
}

async function stepsPerRun(folder: string, runs: number): Promise<{ count: number; steps: Uint8Array }> {
  const steps = new Uint8Array(runs)
  let count = 0
  for (const name of (await readdir(folder)).filter((file) => file.startsWith('bare-'))) {
    const content = await readFile(join(folder, name))
    for (let at: number = bareRecord.bytes; at < content.length; at += bareRecord.bytes) {
      if (content[at + 4] !== bareRecord.step) continue
      count++
      steps[content.readUInt32LE(at + 8)]!++
    }
  }
  return { count, steps }
}

function share(cores: number): string {
  return `${(cores * 100).toFixed(0)} %`
}

function perCpuSecond(cpuSeconds: number, starts: number): number {
  return Math.round(starts / cpuSeconds)
}

function milliseconds(us: number | undefined): string {
  return us === undefined ? 'unknown' : `${(us / 1e3).toFixed(1)} ms`
}
