// A server in a container: made once, on fixed ports of 127.0.0.1, and started as often as chaos wants. Its data stays with it.
import { createWriteStream, openSync, closeSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { StartedTestContainer } from 'testcontainers'
import { lastLines } from '../../processes/log-tail.ts'
import type { Exit } from '../../processes/exit.ts'
import type { Body } from '../body.ts'
import { PortTaken, ServiceError } from '../error.ts'
import { wordsOf, type Container } from './client.ts'
import type { Engine } from './engine.ts'
import { endOf } from './ending.ts'
import { discard, endWithin, freeze, pidsOf, sendSignal, thaw } from './hands.ts'
import { OnLoopback, type ContainerSpec } from './on-loopback.ts'

export interface ServiceContainer {
  /** Starts it, on the data of the time before. */
  run(): Promise<Body>
  /** One more program in it, which runs. */
  exec(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<{ readonly exitCode: number; readonly output: string }>
  /** By the engine's word; its address in the run's network changes with every start. */
  state(): Promise<{ readonly startedAt: string; readonly address: string }>
  /** With its data. */
  remove(): Promise<void>
}

/** Not started yet. */
export function serviceContainer(engine: Engine, spec: ContainerSpec): ServiceContainer {
  const { name } = spec
  for (const { container, host } of spec.ports) engine.published.set(`127.0.0.1:${host}`, `${name}:${container}`)
  let made: Container | null = null
  let started: StartedTestContainer | null = null

  async function first(log: Log): Promise<void> {
    started = await new OnLoopback(await engine.image(spec.image), async (id) => {
      made = engine.client.container.getById(id)
      await log.follow(engine, made)
    }).as(spec, engine).start()
  }

  return {
    async run() {
      const log = openLog(spec.logFile)
      try {
        if (made === null) await first(log)
        else {
          await log.follow(engine, made)
          await made.start()
        }
      } catch (error) {
        throw explained(error, spec)
      }
      return bodyOf(made!, spec.logFile, log)
    },
    async exec(argv, env) {
      const { exitCode, output } = await started!.exec([...argv], { env: { ...env } })
      return { exitCode, output }
    },
    async state() {
      const { State, NetworkSettings } = await made!.inspect()
      return { startedAt: State.StartedAt, address: NetworkSettings.Networks[engine.network]?.IPAddress ?? '' }
    },
    async remove() {
      if (made !== null) await discard(made)
      for (const { host } of spec.ports) engine.published.delete(`127.0.0.1:${host}`)
    },
  }
}

async function bodyOf(container: Container, logFile: string, log: Log): Promise<Body> {
  const { State } = await container.inspect()
  let exit: Exit | null = null
  const exited = endOf(container).then(async (ending) => {
    await log.written
    return (exit = ending)
  })
  return {
    exited,
    get exit() {
      return exit
    },
    lastLines: (count) => lastLines(logFile, count),
    async kill() {
      await sendSignal(container, 'SIGKILL')
      await exited
    },
    pause: () => freeze(container),
    resume: () => thaw(container),
    end: async (name, graceMs) => void (await endWithin(container, name, graceMs, exited)),
    pids: () => (exit === null ? pidsOf(State.Pid, container.id) : []),
  }
}

interface Log {
  /** Before it starts, so that nothing is missed. */
  follow(engine: Engine, container: Container): Promise<void>
  /** All that it said is in the file. */
  readonly written: Promise<void>
}

function openLog(file: string): Log {
  closeSync(openSync(file, 'a'))
  const written = Promise.withResolvers<void>()
  return {
    written: written.promise,
    async follow({ client }, container) {
      const said = await client.container.attach(container)
      void finished(said.pipe(createWriteStream(file, { flags: 'a' }))).then(() => written.resolve(), () => written.resolve())
    },
  }
}

function explained(error: unknown, { name, image, ports, logFile }: ContainerSpec): unknown {
  if (error instanceof ServiceError) return error
  const found = wordsOf(error)
  const facts = { expected: `a container ${name} for ${image} to start`, found: `${found}; its last lines:\n${lastLines(logFile, 10)}` }
  if (/address already in use|port is already allocated/i.test(found)) return new PortTaken({ ...facts, todo: `free the ports ${ports.map(({ host }) => host).join(', ')}` }, { cause: error })
  return new ServiceError({ ...facts, todo: 'see whether the image can run on this engine' }, { cause: error })
}
