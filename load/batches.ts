// Batches that start when chaos releases them, so that the runs that one fault is bound to meet no other. Indices are reserved
// when the phase begins: a failpoint can be bound to a workflow id before its batch starts.
import type { LoadPhase } from '../contract/plan.ts'
import { nowMs } from './clock.ts'
import type { Phase, PhaseTools } from './phase.ts'

export interface BatchPhase extends Phase {
  release(batch: number): void
  /** The last one released; undefined before the first. */
  readonly current: number | undefined
}

export type BatchListener = (batch: number, state: 'started' | 'ended') => void

export function batchPhase(plan: Extract<LoadPhase, { kind: 'batches' }>, tools: PhaseTools, listener: BatchListener): BatchPhase {
  const { recorder, stop } = tools
  const total = plan.sizes.reduce((sum, size) => sum + size, 0)
  const firstIndex = tools.reserve(total)
  const left = [...plan.sizes]
  const released = new Set<number>()
  const ended = Promise.withResolvers<void>()
  let current: number | undefined

  function begin(batch: number): number {
    return firstIndex + plan.sizes.slice(0, batch).reduce((sum, size) => sum + size, 0)
  }

  function countDown(batch: number, by: number): void {
    left[batch]! -= by
    if (left[batch]! > 0) return
    listener(batch, 'ended')
    if (released.size === left.length && left.every((runs) => runs <= 0)) ended.resolve()
  }

  return {
    play: async () => {
      recorder.measureFrom(firstIndex)
      recorder.openWindow()
      stop.addEventListener('abort', () => ended.resolve())
      if (!stop.aborted && plan.sizes.length > 0) await ended.promise
      recorder.closeWindow(firstIndex + total)
    },
    settled: (index) => {
      let batch = 0
      while (index >= begin(batch + 1)) batch++
      countDown(batch, 1)
    },
    release: (batch) => {
      const size = plan.sizes[batch]
      if (size === undefined) throw new Error(`expected a batch from 0 to ${plan.sizes.length - 1}, found ${batch}; release only what the plan has`)
      if (released.has(batch)) throw new Error(`batch ${batch} of phase '${plan.name}' was released already; release each once`)
      released.add(batch)
      current = batch
      listener(batch, 'started')
      const intendedMs = nowMs()
      for (let i = 0; i < size; i++) tools.start(begin(batch) + i, intendedMs)
      countDown(batch, 0)
    },
    get current() {
      return current
    },
  }
}
