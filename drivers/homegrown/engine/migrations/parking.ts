// Version 2: runs that leave memory while they wait, versions side by side, tenants, and views to look inside.
import { nobody } from '../owners.ts'

export function parking(s: string): string {
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
