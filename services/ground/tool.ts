// The system's own programs (mount, mkfs): a user's PATH often lacks the folders in which they are.
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ServiceError } from '../error.ts'

const folders = [...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''), '/usr/sbin', '/sbin']
const env = { ...process.env, PATH: folders.join(':'), LC_ALL: 'C' }
const TIMEOUT_MS = 60_000

export function hasTool(name: string): boolean {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Its output; it must exit with one of the codes. */
export async function runTool(argv: readonly [string, ...string[]], codes: readonly number[] = [0]): Promise<string> {
  const [program, ...args] = argv
  try {
    return (await promisify(execFile)(program, args, { env, timeout: TIMEOUT_MS })).stdout
  } catch (error) {
    const { code, stderr, stdout, message } = error as { code?: unknown; stderr?: string; stdout?: string; message: string }
    if (typeof code === 'number' && codes.includes(code)) return stdout ?? ''
    throw new ServiceError({ expected: `${argv.join(' ').slice(0, 200)} to succeed`, found: stderr?.trim() || message, todo: 'see what durabench doctor says of this machine' })
  }
}
