// Runs that take their worker down whenever a certain step of theirs runs. What becomes of one is its engine's policy: it fails, or
// is put aside for a person, and then never ends. But it is given up before it has cost too many workers.
import type { Evidence, Run } from './evidence.ts'
import { inputOf } from './input.ts'

export interface Deadly {
  /** The attempts at the deadly step in workers that died over it, one a worker. */
  readonly lines: readonly string[]
  readonly livesAtMost: number
  /** Its engine promises to put it aside. */
  readonly mayStayOpen: boolean
}

/** null: the run's input says nothing of the kind. */
export function deadlyOf(evidence: Evidence, run: Run): Deadly | null {
  const scenario = evidence.scenarios.get(run.scenario)
  const poison = scenario?.poison
  if (poison === undefined || run.starts.length === 0 || !poison.isDeadly(inputOf(evidence, scenario!, run.id))) return null
  const fallen = new Set(evidence.lives.filter(({ expected, exitedMs }) => exitedMs !== null && !expected).map(({ incarnation }) => incarnation))
  const bySource = new Map(run.attempts.filter(({ step, source }) => step === poison.step && fallen.has(source)).map((attempt) => [attempt.source, `world.jsonl#${attempt.n}`]))
  return { lines: [...bySource.values()], livesAtMost: poison.livesAtMost, mayStayOpen: evidence.context.driver.promises.poison?.value === 'put-aside' }
}
