// Most runs of a bare scenario are plain: every step once, by one worker, with no trouble near. Invariants about what was
// done again have nothing to find there, and skip them by a byte; that is what makes millions of records cheap.
import { timeoutOf } from './causes.ts'
import type { Evidence, Run } from './evidence.ts'
import { firstTerminal } from './path.ts'
import { troublesOf } from './troubles.ts'

const known = new WeakMap<Evidence, Uint8Array>()

/** 1 at the index of each plain run. */
export function plainRuns(evidence: Evidence): Uint8Array {
  let plain = known.get(evidence)
  if (plain === undefined) known.set(evidence, (plain = collect(evidence)))
  return plain
}

function collect(evidence: Evidence): Uint8Array {
  const { runs, bare } = evidence
  const plain = new Uint8Array(runs.length)
  const troubles = troublesOf(evidence).all.map((trouble) => [trouble.fromMs, trouble.untilMs] as const)
  const slowestMs = new Map<string, number>()
  const timeoutMs = (run: Run): number => {
    let ms = slowestMs.get(run.scenario)
    if (ms === undefined) slowestMs.set(run.scenario, (ms = timeoutOf(evidence, run, null)))
    return ms
  }
  for (const run of runs) {
    const from = bare.offsets[run.index]!
    const to = bare.offsets[run.index + 1]!
    if (from === to || run.attempts.length > 0) continue
    let row = from + 1
    while (row < to && bare.seq[row] === bare.seq[row - 1]! + 1 && bare.file[row] === bare.file[from] && bare.n[row]! > bare.n[row - 1]!) row++
    if (row < to || bare.seq[from] !== 1) continue
    const beganMs = bare.atMs[from]!
    const overMs = Math.min(bare.atMs[to - 1]! + timeoutMs(run), firstTerminal(run)?.atMs ?? Infinity)
    if (!troubles.some(([fromMs, untilMs]) => fromMs <= overMs && untilMs >= beganMs)) plain[run.index] = 1
  }
  return plain
}
