// Where Temporal's server lives: everything by variables, every port leased, loopback only.
import type { ServerPart } from '../../contract/plan.ts'
import { passwordOf, tlsOf } from '../postgres/outside.ts'
import type { Databases } from './schema.ts'

/** In the order in which they have to come up: on a fresh database a frontend that is first loses a race for the cluster's metadata. */
export const serverParts: readonly ServerPart[] = ['history', 'matching', 'frontend', 'worker']

interface PartPorts {
  readonly rpc: number
  readonly membership: number
  /** Of its metrics, which each process serves itself. */
  readonly metrics: number
}

export interface Ports {
  readonly http: number
  readonly of: Readonly<Record<ServerPart, PartPorts>>
}

export const portsNeeded = 1 + 3 * serverParts.length

export function assigned(leased: readonly number[]): Ports {
  const [http, ...rest] = leased as [number, ...number[]]
  const of = serverParts.map((part, i) => [part, { rpc: rest[3 * i]!, membership: rest[3 * i + 1]!, metrics: rest[3 * i + 2]! }] as const)
  return { http, of: Object.fromEntries(of) as Record<ServerPart, PartPorts> }
}

/** `metrics`: of the process that this is for. */
export function variables(ports: Ports, metrics: number, postgresUrl: string, databases: Databases, dynamicConfig: string): Record<string, string> {
  return {
    ...databaseVariables(postgresUrl, databases),
    ...Object.fromEntries(serverParts.flatMap((part) => [[`${part.toUpperCase()}_GRPC_PORT`, `${ports.of[part].rpc}`], [`${part.toUpperCase()}_MEMBERSHIP_PORT`, `${ports.of[part].membership}`]])),
    BIND_ON_IP: '127.0.0.1', FRONTEND_HTTP_PORT: `${ports.http}`, PROMETHEUS_ENDPOINT: `127.0.0.1:${metrics}`,
    DYNAMIC_CONFIG_FILE_PATH: dynamicConfig, LOG_LEVEL: 'warn',
  }
}

function databaseVariables(postgresUrl: string, { main, visibility }: Databases): Record<string, string> {
  const { hostname, port, username } = new URL(postgresUrl)
  const tls = tlsOf(postgresUrl)
  return {
    ...(tls === null ? {} : { SQL_TLS_ENABLED: 'true', SQL_HOST_VERIFICATION: `${tls.verifies}`, SQL_HOST_NAME: tls.host, SQL_CA: tls.ca ?? '', SQL_CERT: tls.cert ?? '', SQL_CERT_KEY: tls.key ?? '' }),
    DB: 'postgres12_pgx', POSTGRES_SEEDS: hostname, DB_PORT: port || '5432',
    POSTGRES_USER: decodeURIComponent(username), POSTGRES_PWD: passwordOf(postgresUrl), DBNAME: main, VISIBILITY_DBNAME: visibility,
  }
}
