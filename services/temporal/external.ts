// A Temporal server that somebody else runs: looked at, used, never killed. What opens it comes from the environment alone.
import { ServiceError } from '../error.ts'
import { checkNamespace, versionOf } from './rpc.ts'

/** Its version, if it serves at HOST:PORT and has the namespace. */
export async function checkTemporal(address: string, namespace?: string): Promise<string> {
  const port = Number(/^(?:[^\s:/@]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(address)?.[1] ?? 0)
  if (port < 1 || port > 65_535) throw new ServiceError({ expected: "an address HOST:PORT of a Temporal server's frontend, like 127.0.0.1:7233", found: `'${address}'`, todo: 'leave out any scheme or path' })
  const asked = async <T>(expected: string, todo: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      throw new ServiceError({ expected, found: (error as Error).message.split('\n')[0]!, todo })
    }
  }
  const version = await asked(`a Temporal server at ${address} to answer`, 'check host and port, and whether it wants TLS, a certificate or a key: TEMPORAL_TLS, TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_API_KEY and their like are read (docs/external.md)', () => versionOf(address, 'environment'))
  if (namespace !== undefined) await asked(`Temporal at ${address} to have the namespace ${namespace} for us`, 'check TEMPORAL_NAMESPACE, and what the key or certificate may do', () => checkNamespace(address, namespace))
  return version
}
