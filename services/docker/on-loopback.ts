// Testcontainers' own container, with two differences: its ports are published on 127.0.0.1 instead of on all addresses, and it is handed over
// as soon as it runs, since readiness is asked of the server itself.
import { GenericContainer, type WaitStrategy } from 'testcontainers'
import type { Engine } from './engine.ts'
import type { ImageFor } from './images.ts'

export interface ContainerSpec {
  /** Of this run; where other containers of it find this one. */
  readonly name: string
  readonly image: ImageFor
  /** Left out: the image's own. */
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Of 127.0.0.1 alone, and the same after every start. */
  readonly ports: readonly { readonly container: number; readonly host: number }[]
  readonly files?: readonly { readonly content: string; readonly target: string }[]
  readonly sharedMemoryBytes?: number
  readonly logFile: string
}

export class OnLoopback extends GenericContainer {
  readonly #created: (id: string) => Promise<void>

  /** `created`: called before it is started. */
  constructor(image: string, created: (id: string) => Promise<void>) {
    super(image)
    this.#created = created
  }

  as({ name, entrypoint, command, env, ports, files, sharedMemoryBytes }: ContainerSpec, { labels, network }: Engine): this {
    this.withName(name).withLabels({ ...labels }).withEnvironment({ ...env }).withNetworkMode(network).withExposedPorts(...ports).withWaitStrategy(asSoonAsItRuns)
    if (entrypoint !== undefined) this.withEntrypoint([...entrypoint])
    if (command !== undefined) this.withCommand([...command])
    if (files !== undefined) this.withCopyContentToContainer([...files])
    if (sharedMemoryBytes !== undefined) this.withSharedMemorySize(sharedMemoryBytes)
    this.hostConfig.PortBindings = Object.fromEntries(ports.map(({ container, host }) => [`${container}/tcp`, [{ HostIp: '127.0.0.1', HostPort: `${host}` }]]))
    return this
  }

  protected override containerCreated(id: string): Promise<void> {
    return this.#created(id)
  }
}

const asSoonAsItRuns: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => asSoonAsItRuns,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
}
