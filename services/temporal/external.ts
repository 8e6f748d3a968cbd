// A Temporal server that somebody else runs: looked at, used, never killed.
import { ServiceError } from '../error.ts'
import { checkHealth, versionOf } from './rpc.ts'

/** Its version, if it serves at HOST:PORT. */
export async function checkTemporal(address: string): Promise<string> {
  const port = Number(/^(?:[^\s:/@]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(address)?.[1] ?? 0)
  if (port < 1 || port > 65_535) throw new ServiceError({ expected: "an address HOST:PORT of a Temporal server's frontend, like 127.0.0.1:7233", found: `'${address}'`, todo: 'leave out any scheme or path' })
  try {
    await checkHealth(address)
    return await versionOf(address)
  } catch (error) {
    if (error instanceof ServiceError) throw error
    throw new ServiceError({ expected: `a Temporal server at ${address} to answer`, found: (error as Error).message.split('\n')[0]!, todo: 'check host and port, and that it speaks gRPC without TLS there' })
  }
}
