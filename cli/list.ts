// durabench list: what there is to name in flags.
import { faults } from '../chaos/faults/index.ts'
import { driverNames, loadDriver } from '../drivers/index.ts'
import { invariants } from '../oracle/invariants/index.ts'
import { scenarios } from '../scenarios/index.ts'
import { parse } from './options.ts'

export async function list(argv: readonly string[]): Promise<number> {
  parse(argv, {}, false)
  console.log('Drivers')
  for (const name of driverNames) {
    const driver = await loadDriver(name)
    console.log(`  ${name.padEnd(14)} ${driver.title}; ${driver.placement}; needs ${driver.needs.join(', ') || 'nothing'}`)
  }
  console.log('Scenarios')
  for (const { name, about } of scenarios.values()) console.log(`  ${name.padEnd(14)} ${about}`)
  console.log('Invariants')
  for (const { name, title } of invariants) console.log(`  ${name.padEnd(14)} ${title}`)
  console.log('Faults')
  for (const { kind, about, roles } of Object.values(faults)) console.log(`  ${kind.padEnd(17)} of ${roles.join(', ')}: ${about}`)
  return 0
}
