// durabench doctor: what this machine has and allows, so that a gap in a report is no surprise.
import { examine } from '../chaos/doctor.ts'
import { startGuard } from '../processes/guard.ts'
import { groundAvailability, grounds } from '../services/ground/availability.ts'
import { availability, candidatesFor, type Candidate } from '../services/index.ts'
import { parse, readAddresses } from './options.ts'

const groundFor: Readonly<Record<(typeof grounds)[number], string>> = {
  disk: 'power-cut and disk-full', shim: 'slow-fsync, failing-fsync and clock-step', memory: 'out-of-memory',
}

export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { postgres: { type: 'string' }, temporal: { type: 'string' }, toxiproxy: { type: 'string' } }, false)
  const addresses = readAddresses(values)
  console.log('Services')
  for (const need of ['postgres', 'temporal', 'toxiproxy'] as const) {
    // In the order in which they are tried: the first that is to be had serves.
    const candidates = await candidatesFor(need, addresses, 'embedded')
    const serving = candidates.find(({ found }) => found.ok)
    for (const candidate of candidates) console.log(`  ${candidate === serving ? '✓' : serving === undefined ? '✗' : ' '} ${need.padEnd(12)} ${told(candidate, serving)}`)
  }
  const engine = await availability('postgres', {}, 'docker')
  console.log(`  ${engine.ok ? '✓' : '✗'} ${'docker'.padEnd(12)} ${engine.ok ? `${engine.provider}, for --services docker` : `${engine.why}; ${engine.how}`}`)
  console.log('Faults')
  for (const { what, ok, found } of await examine()) console.log(`  ${ok ? '✓' : '✗'} ${what.padEnd(12)} ${found}`)
  await using guard = await startGuard()
  for (const name of grounds) {
    const found = await groundAvailability(name, guard)
    console.log(`  ${found.ok ? '✓' : '✗'} ${name.padEnd(12)} for ${groundFor[name]}: ${found.ok ? found.provider : `${found.why}; ${found.how}`}`)
  }
  return 0
}

function told({ provider: { label }, found }: Candidate, serving: Candidate | undefined): string {
  if (!found.ok) return `not by ${label}: ${found.why}; ${found.how}`
  return serving?.found === found ? found.provider : `or, if that were not to be had, ${found.provider}`
}
