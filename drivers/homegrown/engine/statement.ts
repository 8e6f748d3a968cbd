// The fenced batch as one statement. It is put together from the sections that a batch needs (a step needs one), so a plain
// batch costs one UPDATE and one INSERT. Every section reads the fence's row: where that came back empty, nothing is written.
import { Column, type ColumnType } from './columns.ts'
import type { Guards } from './types.ts'
import { nobody } from './owners.ts'
import { kind, type Unit } from './unit.ts'

interface Section {
  readonly columns: readonly Column[]
  /** CTEs; `p` are the places of its parameters. */
  sql(p: readonly string[]): string
}

/** What a tenant may have under way at once until somebody says otherwise. */
const defaultTenantCap = 10

/** worker, number, lease */
const fixedValues = 3

export const strict: Guards = {
  fence: 'id = $1 AND batch = $2 - 1 AND NOT fenced',
  onDuplicate: '',
  revoke: 'fenced = true',
  unanswered: 'ask',
}

export interface Encoded {
  /** Which sections are there: names the prepared statement. */
  readonly mask: number
  readonly values: Buffer[]
  /** How many starts it holds. */
  readonly starts: number
  readonly timeouts: number
}

export class BatchStatement {
  readonly #schema: string
  readonly #guards: Guards
  readonly #sections: readonly Section[]
  readonly #texts: (string | undefined)[] = []

  /** `version`: of the code that starts runs here; null: it names none, and whoever looks may go on with its runs. */
  constructor(schema: string, guards: Guards, version: string | null) {
    this.#schema = schema
    this.#guards = guards
    this.#sections = sections(schema, guards, version === null ? 'NULL' : `'${version}'`)
  }

  /** The values of the units; statements are not among them, since each is a statement of its own. */
  encode(units: readonly Unit[]): Encoded {
    for (const { columns } of this.#sections) for (const column of columns) column.clear()
    const [journal, starts, ends, arms, reads, disarms, laters, parents, renewals, timeouts] = this.#sections.map((section) => section.columns) as Column[][] as Ten
    let mask = 0
    let started = 0
    let timedOut = 0
    for (const unit of units) {
      if (unit.kind === kind.arm) {
        mask |= 8
        arms[0]!.int8(unit.wf)
        arms[1]!.int4(unit.seq)
        arms[2]!.float8(unit.ms)
        continue
      }
      if (unit.kind === kind.beat || unit.statement !== null) continue
      if (unit.kind === kind.timeout) {
        mask |= 512
        timedOut++
        timeouts[0]!.int8(unit.wf)
        timeouts[1]!.int4(unit.seq)
        timeouts[2]!.text(unit.name)
        continue
      }
      mask |= 1
      journal[0]!.int8(unit.wf)
      journal[1]!.int4(unit.seq)
      journal[2]!.int2(unit.kind)
      journal[3]!.text(unit.name)
      journal[4]!.text(unit.data)
      if (unit.kind === kind.start) {
        const later = unit.ms > 0 || unit.tenant !== ''
        const section = later ? laters : starts
        mask |= later ? 64 : 2
        started++
        section[0]!.int8(unit.wf)
        section[1]!.text(unit.key)
        if (later) {
          section[2]!.float8(unit.ms)
          section[3]!.text(unit.tenant)
        }
      } else if (unit.kind >= kind.completed) {
        mask |= 4
        ends[0]!.int8(unit.wf)
        if (unit.ms > 0) {
          mask |= 32
          disarms[0]!.int8(unit.wf)
        }
        if (unit.key !== '') {
          mask |= 128
          parents[0]!.text(unit.key)
        }
      } else if (unit.kind === kind.renewed) {
        mask |= 256 | 32
        renewals[0]!.int8(unit.wf)
        renewals[1]!.int4(unit.seq)
        disarms[0]!.int8(unit.wf)
      } else if (unit.kind === kind.signal) {
        mask |= 16
        reads[0]!.int8(unit.wf)
        reads[1]!.text(unit.key)
        reads[2]!.int4(unit.seq)
      }
    }
    const values = this.#sections.flatMap((section, i) => (mask & (1 << i) ? section.columns.map((column) => column.array()) : []))
    return { mask, values, starts: started, timeouts: timedOut }
  }

  /**
   * Answers one row: did the fence hold (1 or 0), how many starts were new, how many time-outs were recorded. `insist`: where the fence does not hold it
   * fails, which undoes the transaction around it.
   */
  text(mask: number, unheld: 'report' | 'insist'): string {
    return (this.#texts[unheld === 'insist' ? mask | 1024 : mask] ??= this.#compose(mask, unheld))
  }

  #compose(mask: number, unheld: 'report' | 'insist'): string {
    const s = this.#schema
    let next = fixedValues + 1
    const ctes = [`fence AS (UPDATE ${s}.worker SET batch = $2, expires = clock_timestamp() + $3 * interval '1 ms' WHERE ${this.#guards.fence} RETURNING 1)`]
    this.#sections.forEach((section, i) => {
      if (mask & (1 << i)) ctes.push(section.sql(section.columns.map(() => `$${next++}`)))
    })
    const started = ['0', ...(mask & 2 ? ['(SELECT count(*)::int FROM fresh)'] : []), ...(mask & 64 ? ['(SELECT count(*)::int FROM later)'] : [])].join(' + ')
    const held = unheld === 'insist' ? `${s}.must_hold((SELECT count(*) FROM fence))::int` : '(SELECT count(*)::int FROM fence)'
    const timedOut = mask & 512 ? '(SELECT count(*)::int FROM timedout)' : '0'
    return `WITH ${ctes.join(', ')} SELECT ${held}, ${started}, ${timedOut}`
  }
}

function columns(...types: ColumnType[]): Column[] {
  return types.map((type) => new Column(type))
}

type Ten = [Column[], Column[], Column[], Column[], Column[], Column[], Column[], Column[], Column[], Column[]]

function sections(s: string, { onDuplicate }: Guards, version: string): Section[] {
  return [
    {
      columns: columns('int8', 'int4', 'int2', 'text', 'text'),
      sql: ([wf, seq, k, name, data]) => `rows AS (INSERT INTO ${s}.journal (wf, seq, kind, name, data)
        SELECT unnest(${wf}::int8[]), unnest(${seq}::int4[]), unnest(${k}::int2[]), unnest(${name}::text[]), unnest(${data}::text[]) FROM fence ${onDuplicate})`,
    },
    {
      // The start's journal row is written even where its id is taken: under a number that nothing else refers to, and so
      // never read. A join to leave it out would cost every start. Ordered, since two workers that are given the same ids
      // would else wait for each other's.
      columns: columns('int8', 'text'),
      sql: ([wf, key]) => `fresh AS (INSERT INTO ${s}.wf_key (key, wf)
        SELECT u.key, u.wf FROM fence, unnest(${key}::text[], ${wf}::int8[]) u (key, wf) ORDER BY u.key COLLATE "C" ON CONFLICT DO NOTHING RETURNING wf, key),
        owned AS (INSERT INTO ${s}.active (wf, owner, key, version) SELECT wf, $1, key, ${version} FROM fresh)`,
    },
    {
      columns: columns('int8'),
      sql: ([wf]) => `done AS (DELETE FROM ${s}.active WHERE wf = ANY(${wf}::int8[]) AND EXISTS (SELECT FROM fence))`,
    },
    {
      columns: columns('int8', 'int4', 'float8'),
      sql: ([wf, seq, ms]) => `armed AS (INSERT INTO ${s}.timer (wf, seq, wake_at)
        SELECT u.wf, u.seq, clock_timestamp() + u.ms * interval '1 ms' FROM fence, unnest(${wf}::int8[], ${seq}::int4[], ${ms}::float8[]) u (wf, seq, ms) ON CONFLICT DO NOTHING)`,
    },
    {
      columns: columns('int8', 'text', 'int4'),
      sql: ([wf, id, seq]) => `consumed AS (UPDATE ${s}.inbox i SET consumed_seq = u.seq
        FROM fence, unnest(${wf}::int8[], ${id}::text[], ${seq}::int4[]) u (wf, id, seq) WHERE i.wf = u.wf AND i.msg_id = u.id)`,
    },
    {
      columns: columns('int8'),
      sql: ([wf]) => `disarmed AS (DELETE FROM ${s}.timer WHERE wf = ANY(${wf}::int8[]) AND EXISTS (SELECT FROM fence))`,
    },
    {
      // IS TRUE keeps the planner from making a join of it: without hash and merge joins that would compare each start with each.
      columns: columns('int8', 'text', 'float8', 'text'),
      sql: ([wf, key, ms, tenant]) => `later AS (INSERT INTO ${s}.wf_key (key, wf)
        SELECT u.key, u.wf FROM fence, unnest(${key}::text[], ${wf}::int8[]) u (key, wf) ORDER BY u.key COLLATE "C" ON CONFLICT DO NOTHING RETURNING wf, key),
        tenants AS (INSERT INTO ${s}.tenant (name, cap) SELECT DISTINCT name, ${defaultTenantCap} FROM fence, unnest(${tenant}::text[]) t (name) WHERE name <> '' ORDER BY 1 ON CONFLICT DO NOTHING),
        aside AS (INSERT INTO ${s}.active (wf, owner, key, version, tenant, awaits, wake_at)
        SELECT u.wf, CASE WHEN u.tenant = '' THEN ${nobody.parked} ELSE ${nobody.queued} END, u.key, ${version}, nullif(u.tenant, ''),
          CASE WHEN u.tenant = '' THEN 'timer' END, CASE WHEN u.tenant = '' THEN clock_timestamp() + u.ms * interval '1 ms' END
        FROM unnest(${wf}::int8[], ${key}::text[], ${ms}::float8[], ${tenant}::text[]) u (wf, key, ms, tenant) WHERE (u.wf IN (SELECT wf FROM later)) IS TRUE)`,
    },
    {
      // Unconditional, so that it waits for a parking that is just being written, and then sees it.
      columns: columns('text'),
      sql: ([key]) => `roused AS (UPDATE ${s}.active a SET owner = CASE WHEN a.owner = ${nobody.parked} THEN ${nobody.ready} ELSE a.owner END
        FROM (SELECT DISTINCT k.wf FROM fence, ${s}.wf_key k WHERE k.key = ANY(${key}::text[]) ORDER BY k.wf) parent WHERE a.wf = parent.wf)`,
    },
    {
      columns: columns('int8', 'int4'),
      sql: ([wf, seq]) => `renewed AS (UPDATE ${s}.active a SET base = u.seq FROM fence, unnest(${wf}::int8[], ${seq}::int4[]) u (wf, seq) WHERE a.wf = u.wf)`,
    },
    {
      // A message that was accepted in time may not have reached its worker yet: then the time-out does not take place.
      columns: columns('int8', 'int4', 'text'),
      sql: ([wf, seq, name]) => `timedout AS (INSERT INTO ${s}.journal (wf, seq, kind, name, data)
        SELECT u.wf, u.seq, ${kind.timeout}, u.name, 'null' FROM fence, unnest(${wf}::int8[], ${seq}::int4[], ${name}::text[]) u (wf, seq, name)
        WHERE NOT EXISTS (SELECT FROM ${s}.inbox i WHERE i.wf = u.wf AND i.name = u.name AND i.msg_id <> '' AND i.consumed_seq IS NULL) ${onDuplicate} RETURNING 1)`,
    },
  ]
}
