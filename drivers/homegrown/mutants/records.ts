// Lies about what is recorded: when, how often, and what recovery makes of it.
import pg from 'pg'
import type { Reply } from '../../../contract/logs.ts'
import { kind, type Unit } from '../engine/index.ts'
import { ask, loading, pause, type Database, type Lie } from './lie.ts'
import { recoveredRuns } from './families.ts'

/** Long enough that a kill finds something acknowledged and not yet sent. */
const heldBackMs = 500
const betweenCommitsMs = 30
const overwritesAfterMs = 700

/** Says "durable" at once, and writes later, in order. */
export function acknowledgesFirst(): Lie {
  return {
    store: (store) => {
      let written = Promise.resolve()
      return {
        load: (wfs) => store.load(wfs),
        commit(number, units) {
          const copy = [...units]
          // A statement's rows can't be made up. That a start's id is taken goes unnoticed, as it would in such an engine.
          const mustAsk = copy.some((unit) => unit.statement !== null)
          const write = written.then(async () => {
            if (!mustAsk) await pause(heldBackMs)
            return store.commit(number, copy)
          })
          written = write.then(() => undefined, () => undefined) // who would be told?
          return mustAsk ? write : Promise.resolve({ fenced: false, answers: null })
        },
      }
    },
  }
}

/** Recovery finds every run a step short. */
export function forgetsLastStep(database: Database): Lie {
  return loading(async (runs) => {
    for (const { wf, rows } of runs) {
      const last = Math.max(...[...rows.values()].filter((row) => row.kind === kind.step).map((row) => row.seq), 0)
      if (last === 0) continue
      rows.delete(last)
      await ask(database, 'DELETE FROM $schema.journal WHERE wf = $1 AND seq = $2', [wf, last])
    }
    return runs
  })
}

/** Recovery takes the step in flight for done: its intent was recorded, its result was not. */
export function skipsInFlight(database: Database): Lie {
  const recovered = recoveredRuns(database)
  const skipped = new Set<string>()
  return {
    store: recovered.watch,
    execute: (execute) => (call) => {
      if (!recovered.has(call.workflowId) || skipped.has(call.workflowId)) return execute(call)
      skipped.add(call.workflowId)
      return Promise.resolve({ v: {}, n: 0 } satisfies Reply)
    },
  }
}

/** A step is marked done before it is made. */
export function recordsFirst(database: Database): Lie {
  return {
    guards: { onDuplicate: 'ON CONFLICT (wf, seq) DO UPDATE SET data = excluded.data' },
    execute: (execute) => async (call) => {
      await ask(database, 'INSERT INTO $schema.journal (wf, seq, kind, name, data) SELECT wf, $2, $3, $4, $5 FROM $schema.wf_key WHERE key = $1 ON CONFLICT DO NOTHING',
        [call.workflowId, call.seq, kind.step, call.step, JSON.stringify({ v: {}, n: 0 })])
      return execute(call)
    },
  }
}

/** Timers begin anew with whoever recovers them. */
export const restartsTimers = (): Lie => loading(async (runs) => runs.map((run) => ({ ...run, leftMs: new Map() })))

/** What goes wrong as a run is taken over is swallowed, and the run with it. */
export const dropsOnTakeOver = (): Lie => loading(async (runs) => runs.filter((_, i) => i % 3 !== 0))

/** A watchdog that does not look whether the run has ended meanwhile. */
export function overwritesEnds(database: Database): Lie {
  return {
    store: (store) => ({
      load: (wfs) => store.load(wfs),
      async commit(number, units) {
        const ends = units.filter((unit) => unit.kind === kind.completed && unit.wf % 4 === 0)
        const committed = await store.commit(number, units)
        for (const { wf, seq } of ends) {
          setTimeout(() => void ask(database, 'UPDATE $schema.journal SET kind = $3, data = $4 WHERE wf = $1 AND seq = $2', [wf, seq, kind.failed, '{"code":"timeout","message":"took too long"}']).catch(() => undefined), overwritesAfterMs)
        }
        return committed
      },
    }),
  }
}

/** A statement's effect is one commit, its record another. */
export function commitsTwice({ url }: Database): Lie {
  return {
    store: (store) => {
      const client = new pg.Client({ connectionString: url })
      const connected = client.connect()
      client.on('error', () => undefined) // the next statement hears of it
      return {
        load: (wfs) => store.load(wfs),
        async commit(number, units) {
          await connected
          const answers = new Map<Unit, string>()
          for (const unit of units) if (unit.statement !== null) answers.set(unit, JSON.stringify((await client.query(unit.statement.text, [...unit.statement.values])).rows))
          if (answers.size === 0) return store.commit(number, units)
          await pause(betweenCommitsMs)
          const recorded = new Map(units.map((unit) => [answers.has(unit) ? { ...unit, statement: null, data: answers.get(unit)! } : unit, unit]))
          const committed = await store.commit(number, [...recorded.keys()])
          if (committed.fenced) return committed
          for (const [unit, answer] of committed.answers ?? []) answers.set(recorded.get(unit)!, answer)
          return { fenced: false, answers }
        },
      }
    },
  }
}
