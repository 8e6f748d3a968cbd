// durabench doctor: what this machine has and allows, so that a gap in a report is no surprise.
import { examine } from '../chaos/doctor.ts'
import { availability } from '../services/index.ts'
import { parse, readAddresses } from './options.ts'

export async function doctor(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv, { postgres: { type: 'string' }, temporal: { type: 'string' }, toxiproxy: { type: 'string' } }, false)
  const addresses = readAddresses(values)
  console.log('Services')
  for (const need of ['postgres', 'temporal', 'toxiproxy'] as const) {
    const found = await availability(need, addresses)
    console.log(`  ${found.ok ? '✓' : '✗'} ${need.padEnd(12)} ${found.ok ? found.provider : `${found.why}; ${found.how}`}`)
  }
  console.log('Faults')
  for (const { what, ok, found } of await examine()) console.log(`  ${ok ? '✓' : '✗'} ${what.padEnd(12)} ${found}`)
  return 0
}
