// durabench.config.ts: what a project of your own says once, so that nobody has to say it in flags. Flags win over it.

export interface Config {
  /** Who is played when --drivers does not say: names of drivers that ship, and paths of your own, from this file's folder. */
  readonly drivers?: readonly string[]
  /** What is played when --scenarios does not say, of what the command can play. */
  readonly scenarios?: readonly string[]
  /** Modules of your own, each exporting a `scenario` (contract/scenario.ts): paths from this file's folder. They are played like those that ship. */
  readonly ownScenarios?: readonly string[]
  /** Drivers that must have run: one that could not makes the run end with 13. */
  readonly require?: readonly string[]
  /** Below this many exposures an invariant that a plan names is `unknown`, and the run ends with 13. Default 30. */
  readonly minExposures?: number
  /** Violations listed exactly in findings.json count as known. */
  readonly acceptFindings?: boolean
  readonly seed?: number
  /** Length of a measured window. */
  readonly seconds?: number
  /** Worker processes an engine. */
  readonly workers?: number
}

/** Says what type a configuration has, and nothing else. */
export function defineConfig(config: Config): Config {
  return config
}
