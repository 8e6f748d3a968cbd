// Version 4: a run that takes its workers down is told from those that are only beside it.

export function suspicion(s: string): string {
  return `
-- lost: workers that died on the run since it last recorded anything; lost_at: the last number that it had recorded then;
-- strikes: how many of them died while it was on trial.
ALTER TABLE ${s}.active ADD COLUMN lost int NOT NULL DEFAULT 0, ADD COLUMN lost_at int, ADD COLUMN strikes int NOT NULL DEFAULT 0;
`
}
