// The crash-point matrix as cases: one for each step and point, three crashes each, of a run that is alone.
import type { Driver } from '../contract/driver.ts'
import type { Scenario } from '../contract/scenario.ts'
import { lacks } from '../bench/lacks.ts'
import { sitesOf, type Site } from '../bench/plans/matrix-sites.ts'
import { matrixPlan } from '../bench/plans/matrix.ts'
import type { Case, SuiteSettings } from './case.ts'
import { play } from './play.ts'

export function matrixCases(driver: Driver, scenario: Scenario, { seed, workers, minExposures }: SuiteSettings): Case[] {
  const skip = lacks(driver, scenario)
  return sitesOf(scenario, seed, null).map((site) => {
    const name = `${scenario.name}: recovers from a crash ${placeOf(site)}`
    return { name, skip, play: (stand) => play(name, points(site), seed, minExposures, stand) }
  })

  function points(site: Site) {
    const wanted = ({ seq, step, point }: Site): boolean => seq === site.seq && step === site.step && point === site.point
    return matrixPlan({ seed, drivers: [driver.name], scenarios: [scenario.name], seconds: 1, workers, minExposures, victims: ['worker'], loads: ['quiescent'], crashes: 1, wanted }).points
      .map((point) => ({ ...point, id: `${point.id}/${site.seq}-${site.step ?? 'body'}-${site.point}` }))
  }
}

function placeOf({ seq, step, point }: Site): string {
  if (point === 'body-returns') return `as its body returns after ${seq}`
  return point === 'op-begins' ? `as ${step ?? 'a wait'} (${seq}) begins` : `${point.replace('-', ' ')} of ${step} (${seq})`
}
