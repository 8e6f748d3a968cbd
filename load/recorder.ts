// What a phase measured, and whether the generator itself was the bottleneck: then the figures speak of it, not of an engine.
import type { LoadPhase } from '../contract/plan.ts'
import { nowMs } from './clock.ts'
import { LatencyHistogram } from './histogram.ts'
import type { PhaseReport } from './protocol.ts'

/** 5 % of a service level of one second. */
const lagLimitMs = 50
const cpuLimit = 0.8
const loopProbeMs = 10

export class PhaseRecorder {
  readonly name: string
  readonly kind: LoadPhase['kind']
  readonly firstIndex: number
  readonly #accept = new LatencyHistogram()
  readonly #end = new LatencyHistogram()
  readonly #lag = new LatencyHistogram()
  readonly #loopLag = new LatencyHistogram()
  readonly #invalid = new Set<string>()
  #probe: NodeJS.Timeout | null = null
  #cpu = process.cpuUsage()
  #cpuShare = 0
  #beginMs = NaN
  #endMs = NaN
  #measuredFrom = Infinity
  #measuredTo = Infinity
  #lastIndex: number
  #completed = 0
  #endedInWindow = 0
  offeredPerSecond: number | null = null

  constructor(name: string, kind: LoadPhase['kind'], firstIndex: number) {
    this.name = name
    this.kind = kind
    this.firstIndex = firstIndex
    this.#lastIndex = firstIndex
  }

  /** Runs from `index` on are measured: the first that is meant to start in the window. */
  measureFrom(index: number): void {
    this.#measuredFrom = index
  }

  /** The warm-up is over. */
  openWindow(): void {
    this.#beginMs = nowMs()
    this.#cpu = process.cpuUsage()
    let expectedMs = this.#beginMs + loopProbeMs
    this.#probe = setInterval(() => {
      const atMs = nowMs()
      this.#loopLag.recordMs(atMs - expectedMs)
      expectedMs = atMs + loopProbeMs
    }, loopProbeMs)
  }

  /** Nothing is issued any more: runs before `index` belong to this phase. Idempotent, and fine without a window (stopped early). */
  closeWindow(index: number): void {
    if (this.#probe !== null) clearInterval(this.#probe)
    this.#endMs = nowMs()
    if (Number.isNaN(this.#beginMs)) this.#beginMs = this.#endMs
    this.#measuredFrom = Math.min(this.#measuredFrom, index)
    this.#measuredTo = index
    this.#lastIndex = index
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#cpuShare = this.#endMs > this.#beginMs ? (user + system) / 1e3 / (this.#endMs - this.#beginMs) : 0
  }

  issued(index: number, lagMs: number): void {
    if (this.#measures(index)) this.#lag.recordMs(lagMs)
  }

  accepted(index: number, latencyMs: number): void {
    if (this.#measures(index)) this.#accept.recordMs(latencyMs)
  }

  /** live: a follower saw it now; a later bulk read says that a run ended, not when. */
  ended(index: number, latencyMs: number, atMs: number, live: boolean): void {
    if (live && atMs >= this.#beginMs && !(atMs > this.#endMs)) this.#endedInWindow++
    if (!this.#measures(index)) return
    this.#completed++
    if (live) this.#end.recordMs(latencyMs)
  }

  invalidate(why: string): void {
    this.#invalid.add(why)
  }

  /** Of a closed loop, once its window is closed: what a later phase may take a share of. */
  get endedPerSecond(): number {
    const seconds = (this.#endMs - this.#beginMs) / 1e3
    return seconds > 0 ? this.#endedInWindow / seconds : 0
  }

  report(): PhaseReport {
    return {
      name: this.name, kind: this.kind, beginMs: this.#beginMs, endMs: this.#endMs, offeredPerSecond: this.offeredPerSecond,
      started: this.#lastIndex - this.#measuredFrom, completed: this.#completed, endedInWindow: this.#endedInWindow,
      firstIndex: this.firstIndex, measuredFrom: this.#measuredFrom, lastIndex: this.#lastIndex,
      acceptLatency: this.#accept.result(), endLatency: this.#end.result(), scheduleLag: this.#lag.result(),
      generatorCpuShare: this.#cpuShare, invalid: [...this.#invalid, ...this.#bottlenecks()],
    }
  }

  #measures(index: number): boolean {
    return index >= this.#measuredFrom && index < this.#measuredTo
  }

  #bottlenecks(): string[] {
    const found: string[] = []
    const lagMs = this.#lag.percentileMs(99)
    const loopMs = this.#loopLag.percentileMs(99)
    if (lagMs > lagLimitMs) found.push(`the generator issued late: p99 of its schedule lag is ${lagMs.toFixed(1)} ms, more than ${lagLimitMs} ms`)
    if (loopMs > lagLimitMs) found.push(`the generator's event loop was late: p99 ${loopMs.toFixed(1)} ms, more than ${lagLimitMs} ms`)
    if (this.#cpuShare > cpuLimit) found.push(`the generator used ${(this.#cpuShare * 100).toFixed(0)} % of a core, more than ${cpuLimit * 100} %`)
    return found
  }
}
