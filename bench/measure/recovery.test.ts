import { expect, it } from 'vitest'
import { LogBuilder } from '../../oracle/testing/build-log.ts'
import { evidenceOf } from '../../oracle/read/evidence.ts'
import { scenarios } from '../../scenarios/index.ts'
import { measureRecovery } from './recovery.ts'

/** A run whose worker dies in step 2, which `heir` repeats and goes on from. */
function recovered(heir: string, { beforeReplacement }: { readonly beforeReplacement: boolean }, between: (log: LogBuilder) => void = () => undefined) {
  const log = new LogBuilder()
  const id = log.start(0)
  const first = log.step(id, 1, 'plan', [])
  log.attempt(id, 2, 'charge', [first])
  const about = { k: 'fault', fault: 'kill-1', kind: 'kill', role: 'worker', slot: 0, incarnation: 'worker0-1' } as const
  log.f({ ...about, phase: 'applied' })
  log.f({ ...about, phase: 'proved' })
  if (!beforeReplacement) log.after(1_000).worker('spawned', 0, 'worker0-3')
  between(log)
  const second = log.after(2_000).step(id, 2, 'charge', [first], heir)
  if (beforeReplacement) log.after(10).worker('spawned', 0, 'worker0-3')
  log.after(500).step(id, 3, 'receipt', [second], heir)
  log.f({ ...about, phase: 'healed' })
  return measureRecovery(evidenceOf(log.build(), scenarios))[0]!
}

const within = (ms: number) => (value: number | null): boolean => value !== null && Math.abs(value - ms) < 30

it('new work is later than the first progress, which repeats the step in flight', () => {
  const fault = recovered('worker1-2', { beforeReplacement: true })
  expect(fault).toMatchObject({ inFlight: 1, takenOver: 1, operatorAtMs: null })
  expect(fault.firstProgressMs).toSatisfy(within(2_000))
  expect(fault.newWorkMs).toSatisfy(within(2_510))
})

it('the engine’s own share begins with what it may have waited for, and with nothing that came later', () => {
  expect(recovered('worker1-2', { beforeReplacement: true }).engineShareMs).toSatisfy(within(2_000))
  const waited = recovered('worker0-3', { beforeReplacement: false })
  expect(waited.firstProgressMs).toSatisfy(within(3_000))
  expect(waited.engineShareMs).toSatisfy(within(2_000))
  expect(waited.newWorkShareMs).toSatisfy(within(2_500))
})

it('an operator is one who was called for that victim', () => {
  const called = (incarnation: string) => recovered('worker1-2', { beforeReplacement: false }, (log) => log.after(1_500).f({ k: 'operator', lost: ['worker0'], incarnation }))
  expect(called('worker0-1').operatorAtMs).not.toBeNull()
  expect(called('worker0-1').engineShareMs).toSatisfy(within(2_000))
  expect(called('worker1-2').operatorAtMs).toBeNull()
})

it('what a worker still does while it is being killed is no recovery', () => {
  const log = new LogBuilder()
  const id = log.start(0)
  const first = log.step(id, 1, 'plan', [])
  const about = { k: 'fault', fault: 'kill-1', kind: 'kill', role: 'worker', slot: 0, incarnation: 'worker0-1' } as const
  log.f({ ...about, phase: 'applied' })
  const second = log.after(200).step(id, 2, 'charge', [first])
  log.after(100).f({ k: 'exited', role: 'worker', slot: 0, incarnation: 'worker0-1', code: null, signal: 'SIGKILL', expected: true })
  log.f({ ...about, phase: 'proved' })
  log.after(1_000).worker('spawned', 0, 'worker0-3')
  log.after(500).step(id, 3, 'receipt', [second], 'worker0-3')
  log.f({ ...about, phase: 'healed' })
  const fault = measureRecovery(evidenceOf(log.build(), scenarios))[0]!
  expect(fault).toMatchObject({ inFlight: 1 })
  expect(fault.firstProgressMs).toSatisfy(within(1_500))
})
