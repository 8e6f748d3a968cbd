// Puts the programs of the stand-in images into their build contexts: our own Go builds, from the cache or built into it, and Node from npm.
//   node docker/local/binaries.ts FOLDER
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { startGuard } from '../../processes/guard.ts'
import { goPrograms } from '../../services/go/build.ts'
import { temporalModule } from '../../services/temporal/build.ts'
import { toxiproxyModule } from '../../services/toxiproxy/build.ts'

const [contexts] = process.argv.slice(2)
if (contexts === undefined) throw new Error('expected the folder of the build contexts, found none')
const folder = mkdtempSync(join(tmpdir(), 'durabench-build-'))
await using guard = await startGuard()
const options = { folder, guard, onProgress: (text: string) => console.error(text) }
try {
  const temporal = await goPrograms(temporalModule, options)
  const toxiproxy = await goPrograms(toxiproxyModule, options)
  await copyFile(temporal['temporal-server'], join(contexts, 'temporal', 'temporal-server'))
  await copyFile(temporal['temporal-sql-tool'], join(contexts, 'temporal-tools', 'temporal-sql-tool'))
  await copyFile(toxiproxy['toxiproxy-server'], join(contexts, 'toxiproxy', 'toxiproxy-server'))
  await copyFile(process.execPath, join(contexts, 'node', 'node'))
} finally {
  rmSync(folder, { recursive: true })
}
