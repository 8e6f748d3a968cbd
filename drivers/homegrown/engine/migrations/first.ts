// Version 1: workers, ids, the journal and who has which run.
import { blockSize, blocksPerPartition } from './blocks.ts'

export function first(s: string): string {
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
