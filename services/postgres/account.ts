// Postgres refuses to run as root. When the harness does (a container, CI), its server runs as an unprivileged user who exists.
import { readFileSync } from 'node:fs'
import { ServiceError } from '../error.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
}

const CANDIDATES = ['postgres', 'nobody']

/** null: the harness's own user will do. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  for (const name of CANDIDATES) {
    const user = users.find((fields) => fields[0] === name)
    if (user !== undefined && Number(user[2]) !== 0) return { uid: Number(user[2]), gid: Number(user[3]) }
  }
  throw new ServiceError({ expected: `a user ${CANDIDATES.join(' or ')} in /etc/passwd, since Postgres does not run as root`, found: 'neither', todo: 'create one, run as another user, or give an external server with --postgres URL' })
}
