// Every attempt at a step after its first one, with what excuses it. Zombies stand apart: they are nobody's predecessor.
import { causeOf } from './causes.ts'
import type { Evidence, Run } from './evidence.ts'
import { stepsOf, type StepAttempt } from './steps.ts'
import { zombiesOf } from './zombies.ts'

export interface Extra {
  readonly before: StepAttempt
  readonly attempt: StepAttempt
  /** null: nothing excuses it. */
  readonly cause: string | null
}

export function extrasOf(evidence: Evidence, run: Run): Extra[] {
  const zombies = zombiesOf(evidence, run)
  const extras: Extra[] = []
  for (const attempts of stepsOf(evidence, run).bySeq.values()) {
    let before: StepAttempt | null = null
    for (const attempt of attempts) {
      if (zombies.has(attempt)) continue
      if (before !== null) extras.push({ before, attempt, cause: causeOf(evidence, run, before, attempt) })
      before = attempt
    }
  }
  return extras
}
