// Brings a schema to this engine's version, and keeps an older engine off a newer schema. Idempotent, and safe when several
// processes deploy at once.
import pg from 'pg'
import { migrations } from './migrations/index.ts'

/**
 * Makes the engine's schema, or brings one of an earlier version forward.
 * @throws when the schema is newer than this engine
 */
export async function migrate(url: string, schema: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`expected a schema name of a-z, 0-9 and _, found '${schema}'`)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`migrate ${schema}`])
    const found = await versionOf(client, schema)
    if (found > migrations.length) throw new Error(`schema '${schema}' has version ${found}, this engine knows up to ${migrations.length}; use the engine that made it, or another schema`)
    for (const migration of migrations.slice(found)) await client.query(migration(schema))
    await client.query(`UPDATE ${schema}.engine SET version = $1`, [migrations.length])
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

/** 0: there is none. */
async function versionOf(client: pg.Client, schema: string): Promise<number> {
  const { rows: [found] } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.engine`])
  if (!found!.there) return 0
  const { rows: [row] } = await client.query<{ version: number }>(`SELECT version FROM ${schema}.engine`)
  return row?.version ?? 0
}
