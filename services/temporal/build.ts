// Temporal's server and its SQL tool, built from the module in this folder.
import type { Guard } from '../../processes/guard.ts'
import { goPrograms, type GoBuild } from '../go/build.ts'
import { pinnedVersion } from '../go/toolchain.ts'

export const temporalModule: GoBuild<'temporal-server' | 'temporal-sql-tool'> = {
  folder: import.meta.dirname,
  title: "Temporal's server",
  module: 'go.temporal.io/server',
  instead: 'give a server of your own with --temporal HOST:PORT',
  programs: { 'temporal-server': 'go.temporal.io/server/cmd/server', 'temporal-sql-tool': 'go.temporal.io/server/cmd/tools/sql' },
  flags: ['-trimpath', '-buildvcs=false', '-mod=readonly', '-tags', 'disable_grpc_modules'],
  cost: 'about 8 minutes and 3.5 GB (downloads included)',
}
export const serverVersion = pinnedVersion(temporalModule)

export interface Binaries {
  readonly server: string
  readonly sqlTool: string
}

/** From the cache, or built into it. */
export async function temporalBinaries(options: { readonly folder: string; readonly guard: Guard; readonly onProgress: (text: string) => void }): Promise<Binaries> {
  const programs = await goPrograms(temporalModule, options)
  return { server: programs['temporal-server'], sqlTool: programs['temporal-sql-tool'] }
}
