// initdb runs once; each cluster is a copy of what it made, in a tenth of the time. Data lies in the system's temporary folder, not in
// the checkout, which another user may be unable to traverse; and never on a tmpfs, where an fsync costs nothing and proves nothing.
import { randomBytes } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { appendFile, chmod, chown, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { ServiceError } from '../error.ts'
import type { Account } from './account.ts'
import { serverAccount } from './account.ts'
import type { Binaries } from './binaries.ts'
import { binariesIn, findBinaries, installation, versionFor } from './binaries.ts'
import { initdbSettings } from './settings.ts'

const TMPFS = 0x01021994

/** A cluster's files as initdb left them, and all that is needed to start a copy. */
export interface Template {
  readonly binaries: Binaries
  readonly account: Account | null
  readonly password: string
  /** Where data lies; the guard removes it. */
  readonly root: string
  /** The data folder of a fresh cluster, in that folder or another that belongs to the account. */
  readonly copy: (into?: string) => Promise<string>
}

const made = new WeakMap<Guard, Promise<Template>>()

/** One per guard, which removes it. A failure is not remembered: the disk may have room the next time. */
export function template(guard: Guard, logFolder: string): Promise<Template> {
  const known = made.get(guard)
  if (known !== undefined) return known
  const making = make(guard, logFolder)
  made.set(guard, making)
  making.catch(() => made.delete(guard))
  return making
}

async function make(guard: Guard, logFolder: string): Promise<Template> {
  const account = serverAccount()
  const root = guard.makeFolder(join(storageFolder(), 'durabench-pg-'))
  if (account !== null) await chown(root, account.uid, account.gid)

  /** What the server's user runs it owns. */
  const asServer = account === null ? {} : { user: account }

  /** In a process of its own, which the guard can end. */
  async function run(logFile: string, user: { user?: Account }, ...argv: [string, ...string[]]): Promise<void> {
    const owned = spawnOwned({ argv, cwd: root, logFile, guard, env: { LC_ALL: 'C' }, ...user })
    const { code } = await owned.exited
    if (code === 0) return
    const lines = owned.lastLines(15)
    const todo = /no space left on device/i.test(lines) ? `make room in ${root}, or choose another disk with TMPDIR` : `see ${logFile}`
    throw new ServiceError({ expected: `${argv[0]} to make a cluster in ${root}`, found: `exit code ${code}:\n${lines}`, todo })
  }

  /** The programs, or a copy of them (60 MB) where the server's user may not traverse the checkout. */
  async function reachable(binaries: Binaries): Promise<Binaries> {
    if ((await versionFor(binaries, account)) !== null) return binaries
    const folder = join(root, 'programs')
    // By this user, since the other one can't read them: that is why they are copied.
    await run(join(logFolder, 'initdb.log'), {}, 'cp', '-RP', installation(binaries), folder)
    await chmod(folder, 0o755)
    return binariesIn(folder)
  }

  const binaries = await reachable(await findBinaries())
  const password = randomBytes(24).toString('base64url')
  const data = join(root, 'template')
  const passwordFile = join(root, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account !== null) await chown(passwordFile, account.uid, account.gid)
  // --no-sync: a power cut that could need it comes long after, and would be a fault on a disk of its own.
  await run(join(logFolder, 'initdb.log'), asServer, binaries.initdb, '-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync', ...initdbSettings.map(({ name, value }) => `--${name}=${value}`))
  await rm(passwordFile)
  // A worker in a network of its own has such an address (RFC 2544: for tests between systems); it still comes in over loopback, with the password.
  await appendFile(join(data, 'pg_hba.conf'), 'host all all 198.18.0.0/16 scram-sha-256\n')

  let copies = 0
  return {
    binaries, account, password, root,
    async copy(into = root) {
      const folder = join(into, `data-${++copies}`)
      // Beside the data: the folder of whoever asked first may be gone.
      await run(join(root, 'copy.log'), asServer, 'cp', '-Rp', data, folder)
      return folder
    },
  }
}

/** os.tmpdir(), unless that lies in memory and /var/tmp does not. */
function storageFolder(): string {
  const folder = tmpdir()
  return inMemory(folder) && !inMemory('/var/tmp') ? '/var/tmp' : folder
}

function inMemory(folder: string): boolean {
  try {
    return statfsSync(folder).type === TMPFS
  } catch {
    return true // It isn't there: as good as none.
  }
}
