// The few gRPC calls that the harness itself makes to a Temporal server. Each opens a connection of its own with a deadline and without
// the SDK's retries: a retry whose timer fires after close() throws where nobody can catch it.
import { once } from 'node:events'
import { connect } from 'node:net'
import { Connection } from '@temporalio/client'
import { connecting, type Access } from '../../drivers/temporal/access.ts'
import { ServiceError } from '../error.ts'

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService'
const SERVING = 1
const ALREADY_EXISTS = 6
const TIMEOUT_MS = 3_000
const RETENTION_SECONDS = 86_400

async function call<T>(address: string, body: (connection: Connection) => Promise<T>, access: Access = 'plain'): Promise<T> {
  const connection = Connection.lazy({ ...connecting(access), address, interceptors: [] })
  try {
    return await connection.withDeadline(Date.now() + TIMEOUT_MS, () => body(connection))
  } finally {
    await connection.close()
  }
}

/** Rejects unless the frontend serves. Its port opens earlier than that. */
export function checkHealth(address: string): Promise<void> {
  return call(address, async (connection) => {
    const { status } = await connection.healthService.check({ service: SERVICE })
    if (Number(status) !== SERVING) throw new ServiceError({ expected: `the frontend of Temporal at ${address} to serve`, found: `health status ${status}`, todo: 'wait, or see its log' })
  })
}

/** Rejects unless somebody listens there: all that the services behind the frontend tell a stranger. */
export async function checkPort(port: number, host = '127.0.0.1'): Promise<void> {
  const socket = connect(port, host)
  await once(socket, 'connect').finally(() => socket.destroy())
}

export function versionOf(address: string, access: Access = 'plain'): Promise<string> {
  return call(address, async (connection) => (await connection.workflowService.getSystemInfo({})).serverVersion, access)
}

/** Rejects unless somebody else's server has that namespace, and lets us see it. */
export async function checkNamespace(address: string, namespace: string): Promise<void> {
  await call(address, (connection) => connection.workflowService.describeNamespace({ namespace }), 'environment')
}

/** A fresh server has none, and tools expect this one. */
export async function registerDefaultNamespace(address: string): Promise<void> {
  await call(address, (connection) => connection.workflowService.registerNamespace({ namespace: 'default', workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never } })).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error
  })
}
