// The suite as a runner sees it: cases as data, played in a process of their own, red by the invariant's name, nothing left behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { environmentOf, processTable } from '../processes/table.ts'
import { conformanceSuite, crashSuite, matrixSuite } from './index.ts'

const lying = new URL('../selftest/lying/no-fence.ts', import.meta.url)
const asleep = 'records nothing of what a worker does that slept through its lease'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'suite-')))
  // Postgres may run as another user, who has to reach its data.
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a suite', () => {
  test('names its cases at once, each by a name of its own', () => {
    for (const cases of [crashSuite('homegrown'), crashSuite('homegrown', { scenario: 'chat' }), matrixSuite('homegrown'), conformanceSuite('homegrown')]) {
      expect(cases.length).toBeGreaterThan(7)
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    }
  })

  test('skips what the driver lacks, where the runner lets it, and passes it nowhere', async () => {
    const lacking = conformanceSuite('volatile').find(({ skip }) => skip !== undefined)!
    expect(lacking.skip).toMatch(/^volatile has no /)
    const said: string[] = []
    await lacking.run({ skip: (why: string) => void said.push(why) })
    expect(said).toEqual([lacking.skip])
    await expect(lacking.run()).rejects.toThrow(lacking.skip)
  })

  test('says what is wrong with a driver, or with what it was asked for', () => {
    expect(() => crashSuite('./nowhere.ts')).toThrow(/expected --drivers to name a driver's module, found no file/)
    expect(() => crashSuite('homegrown', { scenario: 'nothing' })).toThrow(/expected --scenario to name some of/)
  })

  test('fails an engine that does not fence by that name, with the run, its logs and how to play it again', async () => {
    const found = crashSuite(lying, { seed: 3, out: join(folder, 'evidence') }).find(({ name }) => name === asleep)!
    const error = await found.run().then(() => null, (caught: Error) => caught)
    expect(error?.message).toMatch(/suite\/asleep violates fencing \d+ times: suite-s3-\d+: what a superseded worker did was recorded/)
    expect(error?.message).toContain(`again: npx durabench suite crash ${lying.pathname} --seed 3 --scenario purchase --workers 2 --only '${asleep}'`)
    expect(readdirSync(join(folder, 'evidence', 'suite-asleep'))).toContain('world.jsonl')
  })

  test('ends all that it started when its runner is killed', async () => {
    const script = `const { conformanceSuite } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
      const cases = conformanceSuite('homegrown')
      await cases.find(({ name }) => name.startsWith('runs a step')).run()
      console.log('played')
      await cases.find(({ name }) => name.startsWith('outlives')).run()`
    const runner = spawn(process.execPath, ['--input-type=module', '--eval', script], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(runner.stdout, 'data')
    expect(remains().length).toBeGreaterThan(3)
    runner.kill('SIGKILL')
    for (const deadline = performance.now() + 8_000; remains().length > 0 && performance.now() < deadline;) await delay(100)
    expect(remains()).toEqual([])
  })
})

function remains(): string[] {
  const processes = [...processTable().values()].filter(({ pid }) => environmentOf(pid).includes(`TMPDIR=${folder}`)).map(({ pid, program }) => `process ${pid} ${program}`)
  return [...processes, ...readdirSync(folder)]
}
