// A worker in a container: the same program as a process would run, on the same files at the same paths, and on this machine's loopback or in
// a network that was made for it. Node is not its first process, so that a SIGKILL that a worker sends itself at a failpoint kills it.
import { appendFileSync, closeSync, fstatSync, openSync } from 'node:fs'
import type { Exit } from '../../processes/exit.ts'
import { lineOf } from '../../processes/line.ts'
import { lastLines } from '../../processes/log-tail.ts'
import type { Owned } from '../../processes/spawn.ts'
import type { Ending } from '../ground/memory.ts'
import { wordsOf, type Container } from './client.ts'
import { exitOf, endOf } from './ending.ts'
import type { Engine } from './engine.ts'
import { discard, endWithin, freeze, pidsOf, sendSignal, thaw } from './hands.ts'
import { squeeze } from './memory.ts'
import { listen } from './voice.ts'

/** What Docker's own client says when a container could not be made. */
const NOT_MADE = 125

export interface WorkerSpec {
  readonly name: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Folders that it finds at the same paths. */
  readonly mounts: readonly { readonly path: string; readonly writable: boolean }[]
  /** `host`, or `container:<id>` whose network it shares. */
  readonly network: string
  readonly logFile: string
}

export interface ContainerWorker extends Owned {
  /** Takes its memory away; resolves with how it ended. Throws when it lives on, its memory given back. */
  starve(): Promise<Ending>
}

/** Is being made when this returns: what it is told before that is done then. */
export function startWorker(engine: Engine, spec: WorkerSpec): ContainerWorker {
  const log = openSync(spec.logFile, 'a')
  const logStart = fstatSync(log).size
  closeSync(log)
  const callbacks: ((message: unknown) => void)[] = []
  let exit: Exit | null = null
  let first = 0
  let id = ''

  const making = make(engine, spec, (message) => callbacks.forEach((callback) => callback(message)))
  const exited = making.then(async ({ container, pid, said }) => {
    first = pid
    id = container.id
    const ending = await endOf(container)
    await said
    const { State } = await container.inspect()
    void discard(container).catch(() => undefined) // Who cleans up after the run finds it.
    return { ...ending, outOfMemory: State.OOMKilled }
  }).catch((error: unknown) => {
    appendFileSync(spec.logFile, `Error: expected a container for ${spec.name} to start, found: ${wordsOf(error)}\n`)
    return { ...exitOf(NOT_MADE), outOfMemory: false }
  }).then((ending) => {
    exit = ending
    return ending
  })

  /** Undefined: it is over already. */
  const running = async (): Promise<Container | undefined> => (await Promise.race([exited.then(() => undefined), making]).catch(() => undefined))?.container

  return {
    exited,
    get exit() {
      return exit
    },
    /** The worker's own, not that of what holds it; 0 while it is being made. */
    get pid() {
      const pids = first === 0 ? [] : pidsOf(first, id)
      return pids[1] ?? pids[0] ?? 0
    },
    line: (matches, deadlineMs) => lineOf({ name: spec.name, logFile: spec.logFile, logStart, exit: () => exit }, matches, deadlineMs),
    lastLines: (count) => lastLines(spec.logFile, count),
    onMessage: (callback) => void callbacks.push(callback),
    async kill() {
      const container = await running()
      if (container !== undefined) await sendSignal(container, 'SIGKILL')
      return exited
    },
    async pause() {
      const container = await running()
      if (container === undefined) throw new Error(`${spec.name} should be paused, but it is over`)
      await freeze(container)
    },
    async resume() {
      const container = await running()
      if (container !== undefined && exit === null) await thaw(container)
    },
    async terminate(name, graceMs) {
      const container = await running()
      return container === undefined ? exited : endWithin(container, name, graceMs, exited)
    },
    async starve() {
      const container = await running()
      if (container === undefined) throw new Error(`${spec.name} should run out of memory, but it is over`)
      const { limit, giveBack } = await squeeze(container, exited)
      const ending = exit === null ? null : await exited
      if (ending === null) {
        await giveBack()
        throw new Error(`expected the worker to end without memory, found it alive with ${limit}: it may have had nothing to do`)
      }
      const how = ending.signal ?? `exit code ${ending.code}`
      return { saw: `${how} at ${limit}; the engine says ${ending.outOfMemory ? 'that it ran out of memory' : 'nothing about memory'}`, outOfMemory: ending.outOfMemory }
    },
  }
}

interface Made {
  readonly container: Container
  /** Of its first process, which holds the worker. */
  readonly pid: number
  /** All that it said is in its log. */
  readonly said: Promise<void>
}

async function make(engine: Engine, { name, argv, env, cwd, mounts, network, logFile }: WorkerSpec, told: (message: unknown) => void): Promise<Made> {
  const container = await engine.client.container.create({
    name, Image: await engine.image('node'), Cmd: [...argv], WorkingDir: cwd, Labels: { ...engine.labels },
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    // Files that it makes are the harness's to read and remove.
    User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    // Its input ends with the harness, and a worker ends with its input.
    OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true,
    HostConfig: { Init: true, NetworkMode: network, Binds: mounts.map(({ path, writable }) => `${path}:${path}:${writable ? 'rw' : 'ro'}`) },
  })
  const { said } = await listen(engine.client, container, logFile, told)
  await container.start()
  return { container, pid: (await container.inspect()).State.Pid, said }
}
