// Ctrl-C and its kin. The first one asks a command to stop and to keep what was done; one that comes later ends it at once, and
// the guard cleans up behind it.
import { exitCodes } from '../bench/exit.ts'

/** One Ctrl-C may arrive twice, from the terminal and through the shim; `timeout` signals a process and then its group. */
const samePressMs = 300

/** Aborted by the first signal. */
export function interruptions(): AbortSignal {
  const controller = new AbortController()
  let firstMs = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) {
        firstMs = performance.now()
        console.error(`\n${name}: stopping; what was done is kept. Once more to stop at once.`)
        controller.abort()
      } else if (performance.now() - firstMs > samePressMs) process.exit(exitCodes.interrupted)
    })
  }
  return controller.signal
}
