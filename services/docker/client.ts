// A Docker engine of this machine, found as Testcontainers finds it: DOCKER_HOST, its properties file, the usual sockets.
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { getContainerRuntimeClient, type ContainerRuntimeClient } from 'testcontainers'
import { ServiceError } from '../error.ts'

export type Client = ContainerRuntimeClient
export type Container = ReturnType<Client['container']['getById']>

const instead = 'leave --services docker out: without it services and workers are processes of this machine'
const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/** Rejects with what to do where none answers, or one that is out of reach of this machine's loopback. */
export async function findClient(): Promise<Client> {
  const named = process.env['DOCKER_HOST']
  if (named?.startsWith('tcp:') === true && !LOCAL.includes(new URL(named).hostname)) throw new ServiceError({ expected: 'a Docker engine on this machine, whose published ports are on 127.0.0.1', found: `DOCKER_HOST=${named}`, todo: `name a local one with DOCKER_HOST, or ${instead}` })
  // Testcontainers would go on to the usual sockets, and find another engine than the one that was meant.
  if (named?.startsWith('unix:') === true && !existsSync(new URL(named).pathname)) throw noneAnswers(named)
  // Testcontainers takes a harness that is itself in a container to be out of reach of published ports; ours are on the loopback that it shares, or nowhere.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= 'localhost'
  return getContainerRuntimeClient().catch((cause: unknown) => {
    throw noneAnswers(named, cause)
  })
}

function noneAnswers(named: string | undefined, cause?: unknown): ServiceError {
  return new ServiceError({ expected: `a Docker engine that answers user ${userInfo().username}`, found: named === undefined ? 'none at the usual sockets' : `none at DOCKER_HOST=${named}`, todo: `start Docker, or name its socket with DOCKER_HOST, or ${instead}` }, { cause })
}

/** Docker's own words for what it would not do. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim()
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}
