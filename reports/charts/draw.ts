// A specification drawn without a browser: the page carries these drawings too, for readers whose viewer runs no scripts
// (CI artifact viewers, mail, print to PDF).
import { compile, type TopLevelSpec } from 'vega-lite'
import { logger, parse, View, Warn, type LoggerInterface } from 'vega'

export interface Drawing {
  readonly svg: string
  /** Complaints of Vega-Lite or Vega: a chart that has any is a bug of ours. */
  readonly warnings: readonly string[]
}

export async function draw(spec: TopLevelSpec): Promise<Drawing> {
  const warnings: string[] = []
  const listening: LoggerInterface = logger(Warn, 'log', (_method, _level, input) => warnings.push(input.map(String).join(' ')))
  const view = new View(parse(compile(spec, { logger: listening }).spec), { renderer: 'none', logger: listening })
  try {
    return { svg: await view.toSVG(), warnings }
  } finally {
    view.finalize()
  }
}
