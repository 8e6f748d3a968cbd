// Which figures of a phase may be shown, and with which label. A rate is `verified` only if the oracle passed the point,
// the generator was not the bottleneck, and workers were killed under that load: anything less says so beside the figure.
import type { PhaseResult, PointResult } from '../contract/result.ts'
import type { Engine } from './engines.ts'

type Trust = 'verified' | 'unproven' | 'unknown' | 'INVALID' | 'violated'

export interface MeasuredPhase {
  readonly engine: Engine
  readonly point: PointResult
  readonly phase: PhaseResult
  readonly trust: Trust
  /** Empty when verified. */
  readonly why: string
}

/** The phases that measure a rate or a latency; batches only place faults, and an aside serves another phase. */
export function measuredPhases(engines: readonly Engine[]): MeasuredPhase[] {
  return engines.flatMap((engine) =>
    engine.points.flatMap((point) =>
      point.phases.filter((phase) => phase.kind !== 'batches' && !phase.aside).map((phase) => ({ engine, point, phase, ...judged(point, phase) })),
    ),
  )
}

/** Those that the plan reserves for a rate, where no step has to wait for a person or a model; else those that an engine has one of, unlike the rounds of chaos. */
export function ratePhases(engines: readonly Engine[]): MeasuredPhase[] {
  const all = headline(engines)
  const rate = all.filter((row) => row.point.leg === 'rate')
  const only = all.filter(({ engine, phase }) => all.filter((other) => other.engine === engine && other.phase.name === phase.name).length === 1)
  return (rate.length > 0 ? rate : only).filter((row) => row.phase.verifiedStepsPerSecond !== null)
}

/** Those that show how long an agent takes: the agent leg, or whatever open phase there is. */
export function latencyPhases(engines: readonly Engine[]): MeasuredPhase[] {
  const all = headline(engines).filter((row) => row.phase.kind === 'open' && ((row.phase.effectLatency ?? row.phase.endLatency)?.count ?? 0) > 0)
  const agent = all.filter((row) => row.point.leg === 'agent')
  return agent.length > 0 ? agent : all
}

/** Without an engine that is not what its users run: its figures stand in tables, with what it is in its title, and in no chart beside the others. */
function headline(engines: readonly Engine[]): MeasuredPhase[] {
  return measuredPhases(engines.filter(({ driver }) => driver?.caveat === undefined))
}

function judged(point: PointResult, phase: PhaseResult): { trust: Trust; why: string } {
  if (point.verdict === 'fail') return { trust: 'violated', why: 'an invariant was violated: a rate, however high, that was not durable' }
  if (phase.invalid.length > 0) return { trust: 'INVALID', why: phase.invalid.join('; ') }
  if (point.state !== 'done') return { trust: 'unknown', why: `the point is ${point.state}${point.why === '' ? '' : `: ${point.why}`}` }
  if (point.verdict === 'unknown') return { trust: 'unknown', why: `the oracle could not judge it${point.why === '' ? '' : `: ${point.why}`}` }
  const killed = point.faults.some((fault) => fault.kind === 'kill' && fault.role === 'worker' && fault.proved && fault.inFlight > 0)
  return killed ? { trust: 'verified', why: '' } : { trust: 'unproven', why: 'no worker was killed under this load, so only counts were checked' }
}
