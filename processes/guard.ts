// The harness's side of the guard: a process of its own that outlives the harness by a few seconds, whatever ended it, and
// ends everything that the harness started. It costs one Node process of some 45 MB for the length of a run.
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import type { Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleBeside } from '../contract/beside.ts'
import type { GuardMessage, ProcessKind, Undo } from './guard-protocol.ts'
import { GUARD_VARIABLE } from './guard-protocol.ts'

export interface Guard extends AsyncDisposable {
  /** Names this run's processes: chaos touches none without it. */
  readonly token: string
  track(pid: number, kind?: ProcessKind): void
  untrack(pid: number): void
  /** Makes a folder that is removed at the end, after every process that works in it is gone: it knows of it before it is there, so nothing is left of a harness that ends just then. The path is `beginning` with random letters behind, links resolved. */
  makeFolder(beginning: string): string
  /** It is to stay, or was removed. */
  untrackPath(path: string): void
  /** Tell it before it is done: a command that undoes nothing is harmless. Run when every process is gone, the last first, before paths are removed. */
  trackUndo(undo: Undo): void
  untrackUndo(undo: Undo): void
}

/** Start it before anything else. Disposing it ends what is still tracked, then the guard itself. */
export async function startGuard(): Promise<Guard> {
  const token = randomUUID()
  const main = fileURLToPath(moduleBeside(import.meta.url, './guard-main'))
  // Nothing of the harness's environment: a NODE_OPTIONS meant for the harness could stop its guard from starting.
  const child = spawn(process.execPath, [main], { detached: true, cwd: '/', env: { [GUARD_VARIABLE]: token }, stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const ready = await Promise.race([once(child.stdout, 'data').then(() => true), exited.then(() => false)])
  if (!ready) throw new Error(`the guard process exited with code ${child.exitCode} before it was ready; try: ${process.execPath} ${main}`)

  // A harness that forgets to dispose must still be able to exit; that exit is what its guard waits for.
  child.stdout.destroy()
  child.unref()
  ;(child.stdin as Socket).unref()

  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.stdin.on('error', () => {
    ended = true
  })
  function tell(message: GuardMessage): void {
    if (ended) throw new Error('the guard process is gone, so nothing would end what this run starts; end the run')
    child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  return {
    token,
    track: (pid, kind = 'plain') => tell({ track: pid, kind }),
    untrack: (pid) => {
      if (!ended) tell({ untrack: pid })
    },
    makeFolder: (beginning) => {
      // Links are resolved: the guard compares it with working directories, as the kernel tells them.
      const path = join(realpathSync(dirname(beginning)), `${basename(beginning)}${randomBytes(6).toString('hex')}`)
      tell({ trackPath: path })
      mkdirSync(path, { mode: 0o700 })
      return path
    },
    untrackPath: (path) => {
      if (!ended) tell({ untrackPath: path })
    },
    trackUndo: (undo) => tell({ trackUndo: undo }),
    untrackUndo: (undo) => {
      if (!ended) tell({ untrackUndo: undo })
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      ended = true // What is still at work, as after a Ctrl-C, must not start anything behind it.
      child.ref()
      child.stdin.end()
      await exited
    },
  }
}
