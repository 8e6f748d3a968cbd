// A look from inside a network: does a service answer whoever connects from there? Run as a process of its own, since a process
// has one network for good.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Argv } from './namespace.ts'

/** Prints `connected <ms>`, `silent` or the error's code. */
const program = `
  const began = performance.now()
  const end = (text) => { console.log(text); process.exit() }
  const [port, withinMs] = process.argv.slice(1).map(Number)
  require('node:net').connect(port, '127.0.0.1').once('connect', () => end('connected ' + (performance.now() - began).toFixed(1))).once('error', (error) => end(error.code))
  setTimeout(() => end('silent'), withinMs)
`
const startMs = 20_000

/** null: no answer, and no refusal either, within that time. @throws when it was refused */
export async function connectMs(inside: (argv: Argv) => Argv, port: number, withinMs: number): Promise<number | null> {
  const [run, ...args] = inside([process.execPath, '-e', program, String(port), String(withinMs)])
  const { stdout } = await promisify(execFile)(run, args, { timeout: withinMs + startMs })
  const [word, ms] = stdout.trim().split(' ')
  if (word === 'connected') return Number(ms)
  if (word === 'silent') return null
  throw new Error(`a connect to port ${port} from inside the namespace ended with ${word}`)
}
