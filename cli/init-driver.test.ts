// The skeleton of a driver: written whole, over nothing that is there, and it works as it is.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { room, type Room } from './testing/command.ts'

const clone = fileURLToPath(new URL('..', import.meta.url))

let place: Room
beforeEach(() => void (place = room()))
afterEach(() => place[Symbol.dispose]())

describe('durabench init-driver', () => {
  test('refuses a folder that has something in it, and a name that npm would', async () => {
    mkdirSync(join(place.folder, 'mine'))
    writeFileSync(join(place.folder, 'mine', 'thesis.txt'), 'years of work')
    const { code, stderr } = await place.run(['init-driver', 'mine'])
    expect(stderr).toContain('to be new or empty, found files in it')
    expect(code).toBe(2)
    expect(readdirSync(join(place.folder, 'mine'))).toEqual(['thesis.txt'])
    expect((await place.run(['init-driver', 'My Engine'])).stderr).toContain("found 'My Engine'")
  })

  test('writes a project whose types hold and whose engine conforms', async () => {
    expect((await place.run(['init-driver', 'my-engine'])).code).toBe(0)
    const folder = join(place.folder, 'my-engine')
    expect(readFileSync(join(folder, 'driver.ts'), 'utf8')).toContain("name: 'my-engine'")
    // What npm install would bring.
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(clone, join(folder, 'node_modules', 'durabench'))
    for (const name of ['pg', '@types', 'typescript']) symlinkSync(join(clone, 'node_modules', name), join(folder, 'node_modules', name))
    const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { cwd: folder, encoding: 'utf8' })
    expect(tsc.stdout).toBe('')
    const tested = spawnSync(process.execPath, ['--test', '--test-name-pattern=lacks transact|runs a step and tells', 'conformance.test.ts'], { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_TEST_CONTEXT: undefined } })
    expect(tested.stdout).toMatch(/pass 2\b[^]*fail 0\b/)
    expect(tested.status).toBe(0)
  })
})
