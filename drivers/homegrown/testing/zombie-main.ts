// A worker in a process of its own, so that it can be stopped by a signal: starts `runs` runs of slow steps, says so, and
// says again when it is lost.
import { Worker } from '../engine/index.ts'
import { pollMs, steps } from './store.ts'

const { url, schema, leaseMs, runs } = JSON.parse(process.argv[2]!) as { url: string; schema: string; leaseMs: number; runs: number }
const worker = await Worker.open({
  url, schema, leaseMs, pollMs, incarnation: 'zombie', identity: 'zombie', workflows: new Map([['slow', steps(100, 40)]]),
  onLost: (why) => {
    console.log(`lost: ${why}`)
    // Stays, to show that even a process that does not end records nothing.
  },
})
await Promise.all(Array.from({ length: runs }, (_, i) => worker.start('slow', `run-${i}`, null)))
console.log('started')
