import { expect, it } from 'vitest'
import type { LoadPhase } from '../contract/plan.ts'
import { closedSize } from './calibration.ts'
import type { PhaseRecorder } from './recorder.ts'

const calibrated = (endedPerSecond: number): PhaseRecorder[] => [{ name: 'first', kind: 'closed', endedPerSecond } as PhaseRecorder]
const phase = (wholeRuns: number): Extract<LoadPhase, { kind: 'closed' }> => ({ name: 'second', kind: 'closed', concurrency: { from: 'first', secondsOfWork: 1, atLeast: 16, atMost: 512, wholeRuns }, seconds: 5, warmupSeconds: 1 })

it('a fast engine keeps the planned window', () => {
  expect(closedSize(phase(2), calibrated(300))).toEqual({ concurrency: 300, warmupSeconds: 1, seconds: 5 })
})

it('a slow engine gets a window of so many whole runs, and a warm-up of one', () => {
  expect(closedSize(phase(2), calibrated(4))).toEqual({ concurrency: 16, warmupSeconds: 4, seconds: 8 })
  expect(closedSize(phase(0), calibrated(4))).toEqual({ concurrency: 16, warmupSeconds: 1, seconds: 5 })
})

it('an engine that completed nothing keeps the planned window, and one that nearly did gets no endless one', () => {
  expect(closedSize(phase(2), calibrated(0))).toEqual({ concurrency: 16, warmupSeconds: 1, seconds: 5 })
  expect(closedSize(phase(2), calibrated(0.1))).toEqual({ concurrency: 16, warmupSeconds: 10, seconds: 20 })
})
