// The reports' page as it is run in its container, asked over real HTTP.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leasePorts, type PortLease } from '../processes/ports.ts'

let folder: string
let lease: PortLease
let server: ChildProcess
let page: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'durabench-test-'))
  mkdirSync(join(folder, 'results', 'run-1'), { recursive: true })
  writeFileSync(join(folder, 'results', 'run-1', 'report.html'), '<h1>a report</h1>')
  writeFileSync(join(folder, 'secret'), 'not for the page')
  symlinkSync(join(folder, 'secret'), join(folder, 'results', 'link'))
  lease = await leasePorts(1)
  page = `http://127.0.0.1:${lease.ports[0]}`
  server = spawn(process.execPath, [fileURLToPath(new URL('reports.ts', import.meta.url)), join(folder, 'results'), String(lease.ports[0])], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(server.stdout!, 'data')
})
afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  await lease.release()
  rmSync(folder, { recursive: true })
})

test('lists the runs, each with its report', async () => {
  const list = await (await fetch(page)).text()
  expect(list).toContain('<a href="/run-1/report.html">report</a>')
  const report = await fetch(`${page}/run-1/report.html`)
  expect([report.headers.get('content-type'), await report.text()]).toEqual(['text/html; charset=utf-8', '<h1>a report</h1>'])
})

test.each(['/link', '/nowhere', '/%2e%2e%2fsecret', '/..%2fsecret'])('%s leads nowhere', async (path) => {
  expect((await fetch(page + path)).status).toBe(404)
})

test('a path that climbs, sent as it is, leads nowhere', async () => {
  const socket = connect(lease.ports[0]!, '127.0.0.1')
  socket.write('GET /../secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toContain('404')
})
