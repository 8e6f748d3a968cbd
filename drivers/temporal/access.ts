// How a Temporal server that somebody else runs is reached. Keys and certificates come from the environment of whatever process connects,
// by the names that Temporal's own tools read; a config tells only that they do, so that no secret is in a file or a list of processes.
// The names are those of https://docs.temporal.io/references/client-environment-configuration; profiles in files are not read.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from '@temporalio/client'

/** plain: a server of our own on loopback, which a key in the user's environment is not meant for. */
export type Access = 'plain' | 'environment'

interface Connecting {
  readonly tls?: Exclude<ConnectionOptions['tls'], null | undefined>
  readonly apiKey?: string
}
type Environment = Readonly<Record<string, string | undefined>>

/** For the SDK's client and its native worker alike. */
export function connecting(access: Access, env: Environment = process.env): Connecting {
  if (access === 'plain') return {}
  const apiKey = env['TEMPORAL_API_KEY'] || undefined
  const serverName = env['TEMPORAL_TLS_SERVER_NAME'] || undefined
  const ca = pem(env, 'TEMPORAL_TLS_SERVER_CA_CERT')
  const crt = pem(env, 'TEMPORAL_TLS_CLIENT_CERT')
  const key = pem(env, 'TEMPORAL_TLS_CLIENT_KEY')
  if ((crt === null) !== (key === null)) throw new Error(`expected TEMPORAL_TLS_CLIENT_CERT and TEMPORAL_TLS_CLIENT_KEY together, each as _PATH or _DATA, found only the ${crt === null ? 'key' : 'certificate'}`)
  if (isOn(env, 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION') === true) throw new Error("expected no TEMPORAL_TLS_DISABLE_HOST_VERIFICATION, since the TypeScript SDK always verifies; give the server's CA with TEMPORAL_TLS_SERVER_CA_CERT_PATH and its name with TEMPORAL_TLS_SERVER_NAME")
  const asked = isOn(env, 'TEMPORAL_TLS')
  const wanted = asked ?? (apiKey !== undefined || serverName !== undefined || ca !== null || crt !== null)
  const tls = {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(ca === null ? {} : { serverRootCACertificate: ca }),
    ...(crt === null || key === null ? {} : { clientCertPair: { crt, key } }),
  }
  return { tls: wanted && tls, ...(apiKey === undefined ? {} : { apiKey }) }
}

function pem(env: Environment, name: string): Buffer | null {
  const [path, data] = [env[`${name}_PATH`] || undefined, env[`${name}_DATA`] || undefined]
  if (path !== undefined && data !== undefined) throw new Error(`expected either ${name}_PATH or ${name}_DATA, found both`)
  if (data !== undefined) return Buffer.from(data)
  if (path === undefined) return null
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Error(`expected ${name}_PATH to name a file that can be read, found ${path}: ${(cause as Error).message.split(':')[0]}`, { cause })
  }
}

/** null: not said. */
function isOn(env: Environment, name: string): boolean | null {
  const text = env[name]?.toLowerCase() ?? ''
  if (text === '') return null
  if (['true', '1', 'yes', 'on'].includes(text)) return true
  if (['false', '0', 'no', 'off'].includes(text)) return false
  throw new Error(`expected ${name} to be true or false, found '${text}'`)
}
