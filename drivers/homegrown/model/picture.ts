// What the store holds, in the model's words: read from the tables, or taken from the model's state. Equal pictures are what a
// replay has to show.
import type { Link } from '../engine/index.ts'
import { endSeq, kind, type Kind } from '../engine/unit.ts'
import { endOf } from './store.ts'
import type { Plan } from './plans.ts'
import type { State } from './state.ts'

/** Which rows of the store stand for what in the model. */
export interface Cast {
  readonly plan: Plan
  /** Of this walk, so that its workers and runs are no others'. */
  readonly name: string
  readonly tokens: (number | null)[]
  readonly wfs: (number | null)[]
  readonly ids: readonly string[]
}

interface Picture {
  readonly workers: readonly unknown[]
  readonly keys: readonly (number | null)[]
  readonly runs: readonly unknown[]
}

export const signalId = 'signal-1'

export function pictureOf({ workers, keys, runs }: State): Picture {
  return {
    workers: workers.map((row) => row && { batch: row.batch, fenced: row.fenced, heir: row.heir, expired: !row.fenced && row.expired }),
    keys,
    runs: runs.map(({ owner, journal, signal, cancel }) => ({ owner, journal, signal, cancel })),
  }
}

interface Tables {
  readonly worker: readonly { id: number; batch: number; fenced: boolean; heir: number | null; expired: boolean }[]
  readonly wf_key: readonly { key: string; wf: number }[]
  readonly active: readonly { wf: number; owner: number }[]
  readonly journal: readonly { wf: number; seq: number; kind: Kind; data: string }[]
  readonly inbox: readonly { wf: number; msg_id: string; consumed_seq: number | null }[]
}

export async function readPicture(link: Link, s: string, { plan, tokens, wfs, ids }: Cast): Promise<Picture> {
  const { rows: [row] } = await link.query({
    name: 'picture',
    text: `SELECT json_build_object(
      'worker', (SELECT coalesce(json_agg(t), '[]') FROM (SELECT id, batch, fenced, heir, expires = '-infinity' AS expired FROM ${s}.worker) t),
      'wf_key', (SELECT coalesce(json_agg(t), '[]') FROM ${s}.wf_key t), 'active', (SELECT coalesce(json_agg(t), '[]') FROM (SELECT wf, owner FROM ${s}.active) t),
      'journal', (SELECT coalesce(json_agg(t), '[]') FROM ${s}.journal t), 'inbox', (SELECT coalesce(json_agg(t), '[]') FROM (SELECT wf, msg_id, consumed_seq FROM ${s}.inbox) t))`,
  })
  const tables = row![0] as Tables
  const tokenIn = (token: number | null | undefined): number => (token == null || token <= 0 ? (token ?? 0) : tokens.indexOf(token) + 1)
  return {
    workers: tokens.map((token) => {
      const found = tables.worker.find(({ id }) => id === token)
      return found === undefined ? null : { batch: found.batch, fenced: found.fenced, heir: tokenIn(found.heir), expired: !found.fenced && found.expired }
    }),
    keys: ids.map((id) => {
      const found = tables.wf_key.find(({ key }) => key === id)
      return found === undefined ? null : wfs.indexOf(found.wf)
    }),
    runs: wfs.map((wf) => {
      const active = tables.active.find((run) => run.wf === wf)
      const signal = tables.inbox.find((message) => message.wf === wf && message.msg_id === signalId)
      const journal: (string | null)[] = plan.body.map(() => null as string | null).concat([null, null])
      for (const { seq, kind: k, data } of tables.journal.filter((entry) => entry.wf === wf)) journal[seq === endSeq ? endOf(plan) : seq] = valueOf(k, data)
      return {
        owner: active === undefined ? null : tokenIn(active.owner),
        journal,
        signal: signal === undefined ? 'none' : (signal.consumed_seq ?? 'open'),
        cancel: tables.inbox.some((message) => message.wf === wf && message.msg_id === ''),
      }
    }),
  }
}

export function valueOf(k: Kind, data: string): string {
  if (k === kind.step) return JSON.parse(data) as string
  const found = Object.entries(kinds).find(([, of]) => of === k)
  if (found === undefined) throw new Error(`expected a kind of row that the model writes, found ${k} with ${data}`)
  return found[0]
}

/** A step's value says whose it is; the others are what they are called. */
export const kinds = {
  start: kind.start, rows: kind.rows, refused: kind.stepFailed, signal: kind.signal, timeout: kind.timeout, completed: kind.completed, cancelled: kind.cancelled,
} as const satisfies Record<string, Kind>
