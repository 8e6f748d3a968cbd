// One suite for every driver: what the contract asks, as cases over a lab of real processes. A driver's test is a few lines
// (see drivers/volatile/conformance.test.ts); a capability that a driver declares absent skips its cases, visibly.
import type { Capability, Driver } from '../contract/driver.ts'
import { basics } from './conformance/basics.ts'
import type { Case } from './conformance/case.ts'
import { crashes } from './conformance/crashes.ts'
import { journal } from './conformance/journal.ts'
import type { Lab } from './conformance/lab.ts'
import { signals } from './conformance/signals.ts'
import { versions } from './conformance/versions.ts'

export type { Case } from './conformance/case.ts'
export { Lab, type LabOptions } from './conformance/lab.ts'

/** The driver's cases; those that need an absent capability are left to `skipped`. */
export function conformance(driver: Driver, lab: Lab): Case[] {
  return allCases(lab).filter((one) => one.needs === undefined || driver.capabilities[one.needs] !== 'absent')
}

/** The cases that this driver does not run, with the capability that it lacks: printed and pinned by its test. */
export function skipped(driver: Driver, lab: Lab): Case[] {
  return allCases(lab).filter((one) => one.needs !== undefined && driver.capabilities[one.needs] === 'absent')
}

/** What a driver lacks, in the contract's order. */
export function absent(driver: Driver): Capability[] {
  return (Object.keys(driver.capabilities) as Capability[]).filter((capability) => driver.capabilities[capability] === 'absent')
}

// Cases that share a worker come first: those that kill take the lab for themselves.
function allCases(lab: Lab): Case[] {
  return [...basics(lab), ...signals(lab), ...journal(lab), ...crashes(lab), ...versions(lab)]
}
