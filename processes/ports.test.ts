import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { leasePorts } from './ports.ts'

const blockOf = (port: number) => Math.floor((port - 10_000) / 32)

test('leased ports can be bound, and lie outside the ephemeral range', async () => {
  const [low, high] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number)
  const { ports, release } = await leasePorts(5)
  expect(new Set(ports).size).toBe(5)
  for (const port of ports) {
    expect(port < low! || port > high!).toBe(true)
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
  }
  await release()
})

test('two leases never share a block, in one process or in two', async () => {
  const leases = await Promise.all(Array.from({ length: 20 }, () => leasePorts(3)))
  const script = `const { leasePorts } = await import(${JSON.stringify(new URL('./ports.ts', import.meta.url).href)})
    console.log(JSON.stringify((await Promise.all(Array.from({ length: 20 }, () => leasePorts(3)))).map((l) => l.ports[0])))
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(other.stdout, 'data')) as [Buffer]
  const blocks = [...leases.map(({ ports }) => ports[0]!), ...(JSON.parse(line.toString()) as number[])].map(blockOf)
  expect(new Set(blocks).size).toBe(40)
  other.kill('SIGKILL')
  await Promise.all(leases.map(({ release }) => release()))
})

test('a block in which a port is taken is passed over', async (context) => {
  // Most blocks get a listener in their middle, so a lease must find its way around.
  const servers = await Promise.all(Array.from({ length: 500 }, (_, i) => new Promise<ReturnType<typeof createServer>>((resolve) => {
    const server = createServer().on('error', () => resolve(server)).listen(10_000 + i * 32 + 7, '127.0.0.1', () => resolve(server))
  })))
  context.onTestFinished(() => void servers.forEach((server) => server.close()))
  const taken = new Set(servers.map((_, i) => 10_000 + i * 32 + 7))
  for (let i = 0; i < 5; i++) {
    const { ports, release } = await leasePorts(10)
    expect(ports.some((port) => taken.has(port))).toBe(false)
    await release()
  }
})

test('an impossible number of ports is refused', async () => {
  await expect(leasePorts(32)).rejects.toThrow('1 to 31 ports')
})
