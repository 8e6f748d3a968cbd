// Certificates for tests, by the openssl of the machine: an authority, a server on 127.0.0.1, a client; and one of another authority.
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

export interface Certificates {
  readonly ca: string
  readonly otherCa: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

export function makeCertificates(folder: string): Certificates {
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const authority = (name: string): string => {
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`))
    return file(`${name}.crt`)
  }
  const ca = authority('authority')
  const signed = (name: string, names: string): { cert: string; key: string } => {
    writeFileSync(file(`${name}.ext`), `basicConstraints=CA:FALSE\n${names}`)
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`))
    openssl('x509', '-req', '-in', file(`${name}.csr`), '-CA', ca, '-CAkey', file('authority.key'), '-CAcreateserial', '-days', '2', '-extfile', file(`${name}.ext`), '-out', file(`${name}.crt`))
    return { cert: file(`${name}.crt`), key: file(`${name}.key`) }
  }
  return { ca, otherCa: authority('other'), server: signed('server', 'subjectAltName=IP:127.0.0.1,DNS:localhost\n'), client: signed('client', '') }
}
