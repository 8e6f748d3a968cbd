// Claims from a queue with a cap per tenant, against claiming one by one with FOR UPDATE SKIP LOCKED at the best of a few numbers of
// connections. The contract knows no queues, so this is the engine's own figure; its claim also reads the run and begins its body.
import type { Place } from '../place.ts'
import type { Row } from '../row.ts'
import { runSolo } from '../solo.ts'
import { best } from '../sweep.ts'

const connectionsSweep = [8, 1, 32]
const skipLocked = new URL('../skip-locked.ts', import.meta.url)
const claims = new URL('../claims.ts', import.meta.url)
const queued = { runs: 100_000, tenants: 10 }

export const queues: Row = {
  name: 'queues',
  about: 'claims/s of the engine\'s queues, one worker ÷ FOR UPDATE SKIP LOCKED one by one',
  target: { atLeast: 5 },
  async prepare(place) {
    const connections = await best(place, 'SKIP LOCKED', connectionsSweep, (setting) => `${setting} connections`, (setting) => solo(place, skipLocked, { connections: setting }))
    return {
      a: { label: `FOR UPDATE SKIP LOCKED one by one, ${connections} connections`, unit: 'claims/s', measure: async () => ({ value: await solo(place, skipLocked, { connections }) }) },
      b: { label: `the engine, ${queued.runs.toLocaleString('en-US')} runs of ${queued.tenants} tenants, until the last body began`, unit: 'claims/s', measure: async () => ({ value: await solo(place, claims, queued) }) },
      profiled: { solo: claims, told: queued },
    }
  },
}

async function solo(place: Place, module: URL, told: Readonly<Record<string, number>>): Promise<number> {
  await using store = await place.store()
  return (await runSolo(place, module, { url: store.url, ...told })).perSecond!
}
