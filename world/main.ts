// The world as a process. It prints one line when it listens, and ends with the ledger's last line on SIGTERM, or when its
// stdin closes, for then its harness is gone.
import { startWorld } from './server.ts'
import { readWorldSettings, worldVariable } from './settings.ts'

process.on('uncaughtException', (error) => {
  // What was foreseen is thrown as a plain Error with a sentence; anything else is a bug and needs its stack.
  console.error(`world: ${error.constructor === Error ? error.message : error.stack}`)
  process.exit(1)
})

const world = await startWorld(readWorldSettings(process.env[worldVariable]))

function stop(): void {
  world.stop()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.stdin.resume().on('end', stop).on('error', stop)
console.log(`ready ${JSON.stringify({ port: world.port, url: world.url })}`)
