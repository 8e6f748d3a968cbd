// Who serves on which machine: a machine without Go is this one with GO pointing nowhere, one with Temporal's CLI has a program of that
// name on its PATH. Where Temporal's own is there, its dev server is played for real.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startGuard } from '../processes/guard.ts'
import { availability, candidatesFor, startServices } from './index.ts'
import { findDevServer } from './temporal/dev-program.ts'

const cli = await findDevServer()
const before = { ...process.env }
let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'durabench-test-'))))
afterEach(async () => {
  for (const name of ['GO', 'PATH', 'XDG_CACHE_HOME', 'DOCKER_HOST']) process.env[name] = before[name]
  for (const name of ['GO', 'XDG_CACHE_HOME', 'DOCKER_HOST']) if (before[name] === undefined) delete process.env[name]
  await rm(folder, { recursive: true })
})

/** No Go, no Docker engine, nothing downloaded earlier, and as `temporal` on the PATH a script. */
async function machineWith(script: string): Promise<void> {
  await writeFile(join(folder, 'temporal'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'temporal'), 0o755)
  Object.assign(process.env, { GO: '/nonexistent/go', PATH: `${folder}${delimiter}${before['PATH']}`, XDG_CACHE_HOME: folder, DOCKER_HOST: 'unix:///no/such/docker.sock' })
}

test('an address that is given stands alone, whatever else could serve', async () => {
  const candidates = await candidatesFor('temporal', { temporal: '127.0.0.1:9' }, 'docker')
  expect(candidates).toMatchObject([{ provider: { name: 'address' }, found: { ok: false, why: expect.stringContaining('127.0.0.1:9 to answer') as string } }])
})

test("without an address: what npm ships, Go's build, containers, the dev server; containers alone where they are asked for", async () => {
  const names = async (service: 'postgres' | 'temporal' | 'toxiproxy', services: 'embedded' | 'docker' = 'embedded'): Promise<string[]> => (await candidatesFor(service, {}, services)).map(({ provider }) => provider.name)
  expect(await names('postgres')).toEqual(['npm', 'docker'])
  expect(await names('temporal')).toEqual(['go', 'docker', 'dev-server'])
  expect(await names('toxiproxy')).toEqual(['go'])
  expect(await names('temporal', 'docker')).toEqual(['docker'])
})

test('where no provider serves, each says what it lacks and what to do', async () => {
  await machineWith('exit 1')
  await rm(join(folder, 'temporal'))
  process.env['PATH'] = folder
  expect(await availability('temporal', {})).toEqual({
    ok: false,
    why: expect.stringMatching(/no Go was found.*; expected a Docker engine .*, found none at DOCKER_HOST=.*; there is no program temporal on the PATH/) as string,
    how: expect.stringMatching(/install Go .*; or start a Docker engine; or install Temporal's CLI/) as string,
  })
})

test("a program named temporal that is not Temporal's is not taken for it", async () => {
  await machineWith('echo "temporal 2: keeps time"')
  expect(await findDevServer()).toMatchObject({ ok: false, why: "temporal is not Temporal's CLI: to --version it says 'temporal 2: keeps time'" })
})

test('the dev server says what it is wherever it is named, and is started on loopback, on a file, with what the variant asks for', async () => {
  await machineWith(`case "$1" in --version) echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)";; *) echo "$HOME|$*" > ${folder}/asked; exit 3;; esac`)
  expect(await availability('temporal', {})).toEqual({ ok: true, provider: 'Temporal 1.29.1: dev server, SQLite, by temporal 1.5.1 on the PATH', caveat: 'dev server, SQLite' })
  await using guard = await startGuard()
  const starting = startServices({ needs: ['temporal'], folder, guard, prefix: 'test', addresses: {}, onProgress: () => {}, dynamicConfig: { 'history.something': '1s' } })
  await expect(starting).rejects.toThrow("expected Temporal's dev server to start, found that it exited with code 3")
  const [home, asked] = (await readFile(join(folder, 'asked'), 'utf8')).trim().split('|')
  expect(asked).toMatch(/^server start-dev --ip 127\.0\.0\.1 --port \d+ --http-port \d+ --metrics-port \d+ --db-filename \S+temporal\.sqlite --headless --namespace default --log-level warn --dynamic-config-value history\.something="1s"$/)
  // Its profiles are not the user's.
  expect(home).toContain('durabench-temporal-')
})

describe.skipIf(!cli.ok)(`the real dev server (${cli.ok ? cli.origin : cli.why})`, () => {
  test('keeps its runs over a kill -9, on the same address, and leaves no file', async () => {
    process.env['GO'] = '/nonexistent/go'
    await using guard = await startGuard()
    let home = ''
    {
      await using services = await startServices({ needs: ['temporal'], folder, guard, prefix: 'test', addresses: {}, onProgress: () => {} })
      expect(services.store).toBeNull()
      expect(services.settings).toContainEqual(expect.objectContaining({ name: 'server', value: 'dev server, SQLite', service: 'temporal' }))
      const ask = async <T>(use: (client: Client) => Promise<T>): Promise<T> => {
        const connection = await Connection.connect({ address: services.temporalAddress! })
        return use(new Client({ connection })).finally(() => connection.close())
      }
      await ask((client) => client.workflow.start('anything', { taskQueue: 'q', workflowId: 'kept' }))
      const server = services.server!
      const proof = await server.proof()
      home = (await readFile(`/proc/${server.pids()[0]}/environ`, 'utf8')).split('\0').find((entry) => entry.startsWith('HOME='))!.slice(5)
      await server.restart()
      expect(await server.proof()).not.toBe(proof)
      expect(await ask(async (client) => (await client.workflow.getHandle('kept').describe()).status.name)).toBe('RUNNING')
    }
    await expect(readFile(join(home, 'temporal.sqlite'))).rejects.toThrow('ENOENT')
  }, 60_000)
})
