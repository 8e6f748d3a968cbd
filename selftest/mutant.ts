// An engine that lies in one way, the plan that exposes it, and the invariant that has to say so. Its twin is the same engine
// without the lie, under the same plan.
import type { Deployment, Driver } from '../contract/driver.ts'
import type { InvariantName, Point } from '../contract/plan.ts'

export interface Mutant {
  readonly name: string
  /** Which real bug it stands for. */
  readonly about: string
  readonly caughtBy: InvariantName
  /** Several mutants may share one: its twin is played once. */
  readonly point: Point
  /** The driver with the lie in it. */
  mutate(honest: Driver): Driver
}

/** The homegrown engine with one of its test-only mutations, and with settings that it needs to live long enough. */
export function withMutation(mutation: string, settings: Readonly<Record<string, number>> = {}): (honest: Driver) => Driver {
  return (honest) => ({ ...honest, variants: { default: { ...(honest.variants.default as object), ...settings, mutations: [mutation] } } })
}

/** The driver whose deployments are not what they seem. */
export function withDeployment(change: (deployment: Deployment) => Partial<Deployment>): (honest: Driver) => Driver {
  return (honest) => ({
    ...honest,
    async deploy(env) {
      const deployment = await honest.deploy(env)
      return { ...deployment, ...change(deployment) }
    },
  })
}
