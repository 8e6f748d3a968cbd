// A project's durabench.config.ts: found, believed, overruled by flags, and refused in one line when it says what can't be.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { room, type Room } from './testing/command.ts'

let place: Room
beforeEach(() => void (place = room()))
afterEach(() => place[Symbol.dispose]())

const says = (text: string, name = 'durabench.config.ts'): void => writeFileSync(join(place.folder, name), text)

const greeting = `
export const scenario = {
  name: 'greeting', version: '1', about: 'A clerk who writes two letters.',
  workflow: async (ctx: any, input: any) => [await ctx.step('letter', input), await ctx.step('letter', input)],
  steps: { letter: { effect: 'unkeyed', timeoutMs: 2000, retry: { attempts: 12, firstMs: 50, factor: 2, maxMs: 400 }, run: (world: any, input: any) => world.mail({ to: 'someone@example.org', subject: String(input) }) } },
  transactions: {}, input: (_seed: number, index: number) => index, signals: () => [], livenessMs: 30000, path: ['letter', 'letter'], keptCents: () => null,
}`

describe('durabench.config', () => {
  test.each([
    ['what nobody knows', 'export default { driver: [] }', "to say drivers, scenarios, ownScenarios, require, minExposures, seed, seconds, workers, acceptFindings, found 'driver'"],
    ['a text for a list', 'export default { drivers: "homegrown" }', 'expected drivers of'],
    ['no default export', 'export const config = {}', 'to export a configuration: export default defineConfig({ … }), found no default export'],
    ['what does not load', 'export default {', 'and what it names to load, found'],
    ['a number out of range', 'export default { seconds: 0 }', "expected --seconds to be a whole number from 1 to 3600, found '0'"],
    ['a scenario that is nowhere', 'export default { ownScenarios: ["./none.ts"] }', 'to name modules, found no file'],
    ['a driver that is nowhere', 'export default { drivers: ["./none.ts"] }', "expected --drivers to name a driver's module, found no file"],
  ])('that says %s is refused', async (_what, text, why) => {
    says(text)
    const { code, stderr } = await place.run(['bench'])
    expect(stderr).toContain(why)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('gives way to flags, and can be named', async () => {
    says('export default { seconds: 0 }', 'other.ts')
    expect((await place.run(['bench', '--config', 'other.ts', '--drivers', 'nobody'])).stderr).toContain("found 'nobody'")
    expect((await place.run(['bench', '--config', 'other.ts'])).stderr).toContain('--seconds')
    expect((await place.run(['bench', '--config', 'nowhere.ts'])).stderr).toContain('expected --config to name a file, found none at')
  })

  test('brings scenarios of its own, which every process of a run knows', async () => {
    says(greeting, 'greeting.ts')
    says('export default { ownScenarios: ["./greeting.ts"] }')
    expect((await place.run(['list'])).stdout).toContain('greeting       A clerk who writes two letters.')
    const name = 'greeting: recovers when its worker is killed before, in and after letter'
    const { stdout, stderr, code } = await place.run(['suite', 'crash', 'homegrown', '--scenario', 'greeting', '--only', name])
    expect(stderr).toBe('')
    expect(stdout).toContain(`✓ ${name}`)
    expect(code).toBe(0)
  })
})
