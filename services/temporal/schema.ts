// Temporal's two databases, made by Temporal's own SQL tool.
import { join } from 'node:path'
import type { Guard } from '../../processes/guard.ts'
import { spawnOwned } from '../../processes/spawn.ts'
import { ServiceError } from '../error.ts'
import { query } from '../postgres/query.ts'

/** It waits for a checkpoint, which takes seconds on a busy disk. */
const DROP_MS = 60_000

export interface Databases {
  readonly main: string
  readonly visibility: string
}

/** Temporal's SQL tool, wherever it runs. */
export type SqlTool = (env: Readonly<Record<string, string>>, args: readonly string[]) => Promise<{ readonly code: number | null; readonly lastLines: string }>

interface SchemaOptions {
  readonly tool: SqlTool
  readonly postgresUrl: string
  readonly prefix: string
  /** Called for each database as soon as it exists: only what was made here may be dropped. */
  readonly onCreated: (database: string) => void
}

export function ownSqlTool(program: string, folder: string, guard: Guard): SqlTool {
  return async (env, args) => {
    const owned = spawnOwned({ argv: [program, ...args], env, bareEnv: true, logFile: join(folder, 'temporal-schema.log'), guard })
    const { code } = await owned.exited
    return { code, lastLines: owned.lastLines(5) }
  }
}

export async function createDatabases({ tool: sqlTool, postgresUrl, prefix, onCreated }: SchemaOptions): Promise<Databases> {
  const databases = { main: `${prefix}_temporal`, visibility: `${prefix}_visibility` }
  const { hostname, port, username, password } = new URL(postgresUrl)

  async function tool(database: string, ...args: string[]): Promise<void> {
    // In the environment, since every user of the machine can read an argument.
    const env = { SQL_PLUGIN: 'postgres12_pgx', SQL_HOST: hostname, SQL_PORT: port || '5432', SQL_USER: decodeURIComponent(username), SQL_PASSWORD: decodeURIComponent(password), SQL_DATABASE: database }
    const { code, lastLines } = await sqlTool(env, args)
    if (code !== 0) throw new ServiceError({ expected: `Temporal's SQL tool to ${args[0]} in database ${database}`, found: `exit code ${code}:\n${lastLines}`, todo: 'see whether the user may create databases' })
  }

  // The tool takes a database that exists for its own, and somebody else's would then be dropped at the end.
  const [left] = await query(postgresUrl, `select datname from pg_database where datname in ('${databases.main}', '${databases.visibility}')`)
  if (left !== undefined) throw new ServiceError({ expected: `no database ${String(left['datname'])} yet`, found: 'one of that name', todo: 'drop it if a killed run left it behind, or let that run end' })
  for (const [database, schema] of [[databases.main, 'temporal'], [databases.visibility, 'visibility']] as const) {
    await tool(database, 'create-database')
    onCreated(database)
    await tool(database, 'setup-schema', '-v', '0.0')
    await tool(database, 'update-schema', '--schema-name', `postgresql/v12/${schema}`)
  }
  return databases
}

/** For a Postgres that stays; ours is thrown away whole. */
export async function dropDatabase(postgresUrl: string, database: string): Promise<void> {
  await query(postgresUrl, `drop database "${database}" with (force)`, DROP_MS)
}
