// Against addresses where nobody answers: what a real server does is conformance's to show.
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { driver } from './driver.ts'
import { openLink } from './link.ts'
import { connect } from './worker.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Takes connections and says nothing. */
async function silentAddress(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined))
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Nobody listens there any more. */
async function closedAddress(): Promise<string> {
  const address = await silentAddress()
  await new Promise((resolve) => servers.pop()!.close(resolve))
  return address
}

const info = (address: string) => ({ address, access: 'plain' as const, namespace: 'none', taskQueue: 'none', bundle: '', stickyTimeoutMs: null, heartbeatMs: null, drainMs: 0 })

it.each([['refuses', closedAddress], ['hangs', silentAddress]])('a call is Unknown at its deadline when the server %s', async (_how, address) => {
  await using client = await connect(info(await address()))
  const started = performance.now()
  await expect(client.start({ scenario: 'script', id: 'x-1', input: [] }, AbortSignal.timeout(700))).rejects.toMatchObject({ name: 'Unknown' })
  expect(performance.now() - started).toBeLessThan(3_000)
})

it('a call that was given up before it was sent is Rejected', async () => {
  await using link = openLink(info(await closedAddress()))
  await expect(link.call(AbortSignal.abort(), () => Promise.resolve(1))).rejects.toMatchObject({ name: 'Rejected' })
})

it('closing ends a call that waits to retry, and leaves no timer that throws', async () => {
  const link = openLink(info(await closedAddress()))
  const call = link.call(new AbortController().signal, () => link.connection.workflowService.getSystemInfo({}))
  await delay(400)
  await Promise.all([expect(call).rejects.toMatchObject({ name: 'Unknown' }), link[Symbol.asyncDispose]()])
  // The SDK's own retry would fire in here, uncaught, which vitest reports as a failure.
  await delay(1_500)
})

it('a refusal after a retry is Unknown, since the first try may have been what it stumbled over', async () => {
  await using link = openLink(info(await closedAddress()))
  let tries = 0
  const answers = [14, 5]
  const request = (): Promise<never> => {
    const code = answers[tries++]!
    return Promise.reject(Object.assign(new Error('as told'), { code, details: `code ${code}`, metadata: {} }))
  }
  await expect(link.call(new AbortController().signal, request)).rejects.toMatchObject({ name: 'Unknown', message: expect.stringContaining('code 5') as string })
  expect(tries).toBe(2)
})

it('deploying to an address where nobody listens says what was expected there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-temporal-'))
  try {
    const address = await closedAddress()
    const env = { runId: 'r', prefix: 'r', temporalAddress: address, folder, variant: driver.variants.default, budget: { leaseMs: 2_000, pollMs: 100 }, scenarios: [] }
    await expect(driver.deploy(env)).rejects.toThrow(`expected a Temporal server at ${address}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
