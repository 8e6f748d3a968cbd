// What this project's CI runs: node --test. A purchase is killed at every step and point, and a worker sleeps through its lease.
import { test } from 'node:test'
import { crashSuite } from 'durabench/suite'

for (const c of crashSuite(new URL('./driver.ts', import.meta.url))) test(c.name, c.run)
