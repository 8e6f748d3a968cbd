// Brings up Temporal's binaries beforehand, so that the first bench need not wait for them. Ends with 13 where there is no Go.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '../bench/exit.ts'
import { startGuard } from '../processes/guard.ts'
import { availability } from '../services/index.ts'
import { temporalBinaries } from '../services/temporal/build.ts'

const found = await availability('temporal', {})
if (!found.ok) {
  console.error(`${found.why} ${found.how}`)
  process.exit(exitCodes.invalid)
}
await using guard = await startGuard()
const folder = guard.makeFolder(join(tmpdir(), 'durabench-build-'))
const binaries = await temporalBinaries({ folder, guard, onProgress: (what) => console.log(what) })
rmSync(folder, { recursive: true })
console.log(Object.values(binaries).join('\n'))
