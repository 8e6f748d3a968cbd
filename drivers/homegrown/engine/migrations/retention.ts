// Version 3: messages in partitions like the journal's, so that what is old is dropped as files and never row by row; and how a
// partition is dropped.
import { blockSize, blocksPerPartition, runsPerPartition } from './blocks.ts'

export function retention(s: string): string {
  return `
ALTER TABLE ${s}.inbox RENAME TO inbox_whole;
ALTER TABLE ${s}.inbox_whole RENAME CONSTRAINT inbox_pkey TO inbox_whole_pkey;
DROP INDEX ${s}.inbox_tx;

CREATE SEQUENCE ${s}.inbox_n;
CREATE TABLE ${s}.inbox (
  wf bigint NOT NULL, msg_id text COLLATE "C" NOT NULL, name text NOT NULL, payload text NOT NULL, consumed_seq int,
  n bigint NOT NULL DEFAULT nextval('${s}.inbox_n'), tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (wf, msg_id)
) PARTITION BY RANGE (wf);
CREATE INDEX inbox_tx ON ${s}.inbox (tx);

-- Makes one where there is none. LIKE and ATTACH, since CREATE ... PARTITION OF would stop all writers.
CREATE FUNCTION ${s}.make_part(parent text, part bigint, settings text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part_name text := parent || '_' || part;
BEGIN
  -- pg_class and not to_regclass, whose cache may not know what was committed while this waited for the lock.
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = part_name AND relnamespace = '${s}'::regnamespace) THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('${s}.' || part_name, 0));
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = part_name AND relnamespace = '${s}'::regnamespace) THEN
      EXECUTE format('CREATE TABLE ${s}.%I (LIKE ${s}.%I INCLUDING ALL) %s', part_name, parent, settings);
      EXECUTE format('ALTER TABLE ${s}.%I ATTACH PARTITION ${s}.%I FOR VALUES FROM (%s) TO (%s)', parent, part_name, part * ${runsPerPartition}, (part + 1) * ${runsPerPartition});
    END IF;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ${s}.take_block() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  block bigint := nextval('${s}.block');
BEGIN
  PERFORM ${s}.make_part('journal', block / ${blocksPerPartition}, '');
  PERFORM ${s}.make_part('inbox', block / ${blocksPerPartition}, 'WITH (fillfactor = 80)');
  RETURN block * ${blockSize};
END $$;

-- Which partitions there are, the newest last.
CREATE VIEW ${s}.part AS
  SELECT substr(c.relname, 9)::bigint AS n FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '${s}.journal'::regclass ORDER BY 1;

SELECT ${s}.make_part('inbox', n, 'WITH (fillfactor = 80)') FROM ${s}.part;
INSERT INTO ${s}.inbox SELECT wf, msg_id, name, payload, consumed_seq, n, tx FROM ${s}.inbox_whole;
SELECT setval('${s}.inbox_n', greatest(1, (SELECT max(n) FROM ${s}.inbox_whole)));
DROP TABLE ${s}.inbox_whole;

-- Since when nothing of a partition is needed by any open run.
CREATE TABLE ${s}.quiet (part bigint PRIMARY KEY, since timestamptz NOT NULL DEFAULT clock_timestamp());

-- False where a run has begun there meanwhile. The parents are locked first, as writers lock them: the other order would meet them.
CREATE FUNCTION ${s}.drop_part(old bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL lock_timeout = '2s';
  LOCK TABLE ONLY ${s}.journal, ONLY ${s}.inbox IN ACCESS EXCLUSIVE MODE;
  DELETE FROM ${s}.quiet WHERE part = old;
  IF EXISTS (SELECT FROM ${s}.active WHERE wf >= old * ${runsPerPartition} AND wf < (old + 1) * ${runsPerPartition}) THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE ${s}.journal DETACH PARTITION ${s}.%I', 'journal_' || old);
  EXECUTE format('ALTER TABLE ${s}.inbox DETACH PARTITION ${s}.%I', 'inbox_' || old);
  EXECUTE format('DROP TABLE ${s}.%I, ${s}.%I', 'journal_' || old, 'inbox_' || old);
  RETURN true;
END $$;
`
}
