// The tables, and the version check that keeps an older engine off a newer schema. Idempotent, and safe when several
// processes deploy at once.
import pg from 'pg'

const version = 1

/** Workflow numbers are handed out in blocks, so that a start needs no round trip; a partition holds ten blocks. */
export const blockSize = 100_000
const blocksPerPartition = 10

/**
 * Makes the engine's schema, or checks that it is this engine's.
 * @throws when the schema belongs to another version
 */
export async function migrate(url: string, schema: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`expected a schema name of a-z, 0-9 and _, found '${schema}'`)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`migrate ${schema}`])
    const { rows: [found] } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.engine`])
    if (found!.there) await checkVersion(client, schema)
    else await client.query(ddl(schema))
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function checkVersion(client: pg.Client, s: string): Promise<void> {
  const { rows: [row] } = await client.query<{ version: number }>(`SELECT version FROM ${s}.engine`)
  if (row?.version !== version) throw new Error(`schema '${s}' has version ${row?.version}, this engine needs ${version}; use the engine that made it, or another schema`)
}

const ddl = (s: string): string => `
CREATE SCHEMA IF NOT EXISTS ${s};
CREATE TABLE ${s}.engine (version int NOT NULL);
INSERT INTO ${s}.engine VALUES (${version});

-- A row is an incarnation, and its id the fencing token. Updated with every batch, hence the room for HOT updates.
CREATE TABLE ${s}.worker (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  identity text NOT NULL,
  batch bigint NOT NULL DEFAULT 0,
  fenced boolean NOT NULL DEFAULT false,
  heir bigint,
  expires timestamptz NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE ${s}.wf_key (key text COLLATE "C" PRIMARY KEY, wf bigint NOT NULL);

-- What happened, insert only. seq 0: the start (name: workflow, data: input); ${2 ** 31 - 1}: the end.
CREATE TABLE ${s}.journal (
  wf bigint NOT NULL, seq int NOT NULL, kind smallint NOT NULL, name text NOT NULL, data text NOT NULL,
  PRIMARY KEY (wf, seq)
) PARTITION BY RANGE (wf);

-- Runs that have not ended. owner 0: nobody yet.
CREATE TABLE ${s}.active (wf bigint PRIMARY KEY, owner bigint NOT NULL, key text NOT NULL) WITH (fillfactor = 50);
CREATE INDEX active_unowned ON ${s}.active (wf) WHERE owner = 0;

CREATE TABLE ${s}.timer (wf bigint NOT NULL, seq int NOT NULL, wake_at timestamptz NOT NULL, PRIMARY KEY (wf, seq));

-- Signals, and (with msg_id '') the request to cancel. n orders them; tx lets a poll miss no late commit.
CREATE TABLE ${s}.inbox (
  wf bigint NOT NULL, msg_id text COLLATE "C" NOT NULL, name text NOT NULL, payload text NOT NULL, consumed_seq int,
  n bigint GENERATED ALWAYS AS IDENTITY, tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (wf, msg_id)
) WITH (fillfactor = 80);
CREATE INDEX inbox_tx ON ${s}.inbox (tx);

CREATE SEQUENCE ${s}.block MINVALUE 0;

-- The next block of workflow numbers, with a partition to hold it. LIKE and ATTACH, since CREATE ... PARTITION OF would stop all writers.
CREATE FUNCTION ${s}.take_block() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  block bigint := nextval('${s}.block');
  part bigint := block / ${blocksPerPartition};
  part_name text := 'journal_' || part;
BEGIN
  -- pg_class and not to_regclass, whose cache may not know what was committed while this waited for the lock.
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = part_name AND relnamespace = '${s}'::regnamespace) THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('${s}.' || part_name, 0));
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = part_name AND relnamespace = '${s}'::regnamespace) THEN
      EXECUTE format('CREATE TABLE ${s}.%I (LIKE ${s}.journal INCLUDING ALL)', part_name);
      EXECUTE format('ALTER TABLE ${s}.journal ATTACH PARTITION ${s}.%I FOR VALUES FROM (%s) TO (%s)', part_name,
        part * ${blocksPerPartition * blockSize}, (part + 1) * ${blocksPerPartition * blockSize});
    END IF;
  END IF;
  RETURN block * ${blockSize};
END $$;

-- Turns "the fence did not hold" into an error, which undoes a transaction of several statements.
CREATE FUNCTION ${s}.must_hold(held bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  IF held = 0 THEN RAISE EXCEPTION 'the fence did not hold' USING ERRCODE = 'DUR01'; END IF;
  RETURN held;
END $$;
`
