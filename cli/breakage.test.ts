// What breaks in the middle of a run, in a driver or in a scenario, breaks its point: a reason, 13, and the other points go on.
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Result } from '../contract/result.ts'
import { processTable } from '../processes/table.ts'
import { room } from './testing/command.ts'

const at = (path: string): string => JSON.stringify(new URL(`../${path}`, import.meta.url).href)
const quick = ['--scenarios', 'bare-steps', '--seconds', '1', '--out', 'run', '--json']

test('a deploy that fails breaks one point; a scenario that throws leaves the other unknown: 13', async () => {
  using place = room()
  writeFileSync(join(place.folder, 'no-deploy.ts'), `
    import { driver as honest } from ${at('drivers/volatile/driver.ts')}
    export const driver = { ...honest, deploy: async () => { throw new Error('no licence found') } }`)
  writeFileSync(join(place.folder, 'throwing.ts'), `
    import { driver as honest } from ${at('drivers/homegrown/driver.ts')}
    export const driver = { ...honest, deploy: async (env) => {
      const deployment = await honest.deploy(env)
      return { ...deployment, worker: (slot) => ({ ...deployment.worker(slot), module: new URL('./throwing-worker.ts', import.meta.url).href }) }
    } }`)
  writeFileSync(join(place.folder, 'throwing-worker.ts'), `
    import { scenarios } from ${at('scenarios/index.ts')}
    scenarios.set('bare-steps', { ...scenarios.get('bare-steps'), workflow: async () => { throw new Error('thrown by the scenario') } })
    export { startWorker } from ${at('drivers/homegrown/worker.ts')}`)
  const { code, stdout } = await place.run(['bench', '--drivers', './no-deploy.ts,./throwing.ts', ...quick])
  const { points, run } = JSON.parse(stdout) as Result
  expect(points.map(({ state, verdict }) => [state, verdict])).toEqual([['broken', 'unknown'], ['done', 'unknown']])
  expect(points[0]!.why).toBe('no licence found')
  expect(code).toBe(13)
  expect(run.reasons).toContain('rate/./no-deploy.ts broke: no licence found')
  expect(run.reasons).toContain('./throwing.ts: effects is unknown: 0 exposures, fewer than 30')
  expect(run.reasons.at(-1)).toMatch(/^rate\/\.\/throwing\.ts: (\d+) of \1 runs failed, the first being \S+-0 with Error: thrown by the scenario$/)
  expect(await place.settled()).toEqual([])
}, 90_000)

test('a worker that can not start breaks its point with the error that it printed', async () => {
  using place = room()
  writeFileSync(join(place.folder, 'no-worker.ts'), `
    import { driver as honest } from ${at('drivers/volatile/driver.ts')}
    export const driver = { ...honest, deploy: async (env) => {
      const deployment = await honest.deploy(env)
      return { ...deployment, worker: (slot) => ({ ...deployment.worker(slot), module: 'data:text/javascript,export const startWorker = () => { throw new Error("no queue") }' }) }
    } }`)
  const { code, stdout } = await place.run(['bench', '--drivers', './no-worker.ts', ...quick])
  const { points } = JSON.parse(stdout) as Result
  expect([code, points[0]!.state]).toEqual([13, 'broken'])
  expect(points[0]!.why).toMatch(/^worker \d died 21 times unasked; the last time with code 1, signal null, Error: no queue; see logs\/worker/)
  expect(await place.settled()).toEqual([])
}, 60_000)

test('a store that dies unasked is no violation of the engine: its point is broken at once', async () => {
  using place = room()
  const run = place.start(['bench', '--drivers', 'homegrown', ...quick])
  await run.said(': load')
  await delay(1_500)
  const postmaster = [...processTable().values()].find(({ pid, program, ppid }) => program === 'postgres' && ppid === run.harness() && readlinkSync(`/proc/${pid}/cwd`).startsWith(place.folder))
  process.kill(postmaster!.pid, 'SIGKILL')
  const { code, stdout } = await run.ended
  const { points } = JSON.parse(stdout) as Result
  expect([code, points[0]!.state]).toEqual([13, 'broken'])
  expect(points[0]!.why).toContain('expected postgres to go on, found that SIGKILL ended it')
  expect(await place.settled()).toEqual([])
  expect(readdirSync(join(place.folder, 'run'))).toContain('report.html')
}, 60_000)
