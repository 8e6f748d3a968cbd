// The schema, version by version: migration n makes version n of n - 1. What is here has been deployed somewhere, so it is never
// changed, only followed. A migration leaves the engine of the version before it able to go on until it is replaced.
import { nobody } from './owners.ts'

/** Workflow numbers are handed out in blocks, so that a start needs no round trip; a partition holds ten blocks. */
export const blockSize = 100_000
const blocksPerPartition = 10

export const migrations: readonly ((schema: string) => string)[] = [
  first,
  parking,
]

function first(s: string): string {
  return `
CREATE SCHEMA IF NOT EXISTS ${s};
CREATE TABLE ${s}.engine (version int NOT NULL);
INSERT INTO ${s}.engine VALUES (1);

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
}

/** Runs that leave memory while they wait, versions side by side, tenants, and views to look inside. */
function parking(s: string): string {
  return `
ALTER TABLE ${s}.active
  ADD COLUMN version text, ADD COLUMN wake_at timestamptz, ADD COLUMN awaits text, ADD COLUMN tenant text COLLATE "C", ADD COLUMN base int NOT NULL DEFAULT 0;
-- base: the number at which the run last continued as new; what was before it is never read again.
ALTER TABLE ${s}.worker ADD COLUMN versions text[] NOT NULL DEFAULT '{}';
DROP INDEX ${s}.active_unowned;
CREATE INDEX active_ready ON ${s}.active (version, wf) WHERE owner = ${nobody.ready};
CREATE INDEX active_due ON ${s}.active (wake_at) WHERE owner = ${nobody.parked};
CREATE INDEX active_tenant ON ${s}.active (tenant, owner, wf) WHERE tenant IS NOT NULL;

CREATE INDEX active_queued ON ${s}.active (tenant, wf) WHERE owner = ${nobody.queued};

-- How many runs of a tenant may be under way at once; claimed: the transaction that fills it up.
CREATE TABLE ${s}.tenant (name text COLLATE "C" PRIMARY KEY, cap int NOT NULL CHECK (cap > 0), claimed xid8);

-- The number of a worker's last change of ownership: one that arrives late, after its worker has asked again, finds it passed.
-- A table of its own, so that such a change does not hold up the worker's batches.
CREATE TABLE ${s}.turn (worker bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0) WITH (fillfactor = 50);
INSERT INTO ${s}.turn (worker) SELECT id FROM ${s}.worker;

-- Why a run is stuck.
CREATE TABLE ${s}.trouble (wf bigint PRIMARY KEY, why text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE VIEW ${s}.runs AS
  SELECT k.key AS id, j.name AS workflow, a.version, a.tenant,
    CASE WHEN e.kind = 10 THEN 'completed' WHEN e.kind = 11 THEN 'failed' WHEN e.kind = 12 THEN 'cancelled'
      WHEN a.owner > 0 THEN 'running' WHEN a.owner = ${nobody.parked} THEN 'waiting' WHEN a.owner = ${nobody.queued} THEN 'queued'
      WHEN a.owner = ${nobody.stuck} THEN 'stuck' ELSE 'ready' END AS state,
    a.awaits, a.wake_at, w.name AS worker, k.wf
  FROM ${s}.wf_key k JOIN ${s}.journal j ON j.wf = k.wf AND j.seq = 0 LEFT JOIN ${s}.journal e ON e.wf = k.wf AND e.seq = ${2 ** 31 - 1}
    LEFT JOIN ${s}.active a ON a.wf = k.wf LEFT JOIN ${s}.worker w ON w.id = a.owner;

CREATE VIEW ${s}.steps AS
  SELECT k.key AS id, j.seq,
    (ARRAY['start', 'step', 'step failed', 'transaction', 'signal', 'timeout', 'timer', 'child', 'child failed', 'renewed', 'completed', 'failed', 'cancelled'])[j.kind + 1] AS kind,
    j.name, j.data
  FROM ${s}.wf_key k JOIN ${s}.journal j ON j.wf = k.wf;

CREATE VIEW ${s}.waiting AS SELECT id, workflow, awaits, wake_at FROM ${s}.runs WHERE state = 'waiting';

-- What does not go on by itself: shelved by a worker, or of a version that no living worker has.
CREATE VIEW ${s}.stuck AS
  SELECT k.key AS id, t.why, t.at FROM ${s}.trouble t JOIN ${s}.wf_key k USING (wf)
  UNION ALL
  SELECT a.key, 'no living worker has version ' || a.version, NULL FROM ${s}.active a
  WHERE a.owner = ${nobody.ready} AND a.version IS NOT NULL
    AND NOT EXISTS (SELECT FROM ${s}.worker w WHERE NOT w.fenced AND w.expires > clock_timestamp() AND a.version = ANY(w.versions));
`
}
