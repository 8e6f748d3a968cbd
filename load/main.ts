// The load process: a child of the harness that talks to it over Node's IPC channel, so that measuring costs the harness nothing
// and the engine's process can't slow the clock that judges it. It ends when the channel does.
import { scenarios } from '../scenarios/index.ts'
import { generate, type Generator } from './generator.ts'
import type { Begin, FromLoad, ToLoad } from './protocol.ts'

let generator: Promise<Generator> | null = null

function send(message: FromLoad): void {
  if (!process.connected) return
  if (message.type === 'fatal') process.send!(message, () => process.exit(1))
  else if (message.type === 'done') process.send!(message, () => process.exit(0))
  else process.send!(message)
}

function fail(error: unknown): void {
  send({ type: 'fatal', message: error instanceof Error ? error.message : String(error) })
}

function begin(message: Begin): Promise<Generator> {
  const scenario = scenarios.get(message.scenario)
  if (scenario === undefined) throw new Error(`expected one of the scenarios ${[...scenarios.keys()].join(', ')}, found '${message.scenario}'; correct the plan`)
  return generate(message, scenario, send)
}

async function obey(message: ToLoad): Promise<void> {
  if (message.type === 'begin') generator = begin(message)
  if (generator === null) throw new Error(`expected the message 'begin' first, found '${message.type}'`)
  const running = await generator
  if (message.type === 'release') running.release(message.batch)
  else if (message.type === 'stop') running.stop()
  else if (message.type === 'drain') await running.drain(message.deadlineMs)
  else if (message.type === 'read') await running.read(message.reader, message.sample)
  else if (message.type === 'finish') await running.finish()
}

if (process.send === undefined) {
  console.error('load/main.ts is started by the harness with an IPC channel; run `durabench bench` instead')
  process.exit(2)
}
process.on('message', (message: ToLoad) => void obey(message).catch(fail))
process.on('disconnect', () => process.exit(0))
process.on('uncaughtException', fail)
// Ctrl-C reaches the whole group; the harness decides when the load ends.
process.on('SIGINT', () => undefined)
