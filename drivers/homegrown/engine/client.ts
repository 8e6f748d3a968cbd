// A client apart from any worker: starts runs that nobody owns yet, which the next worker to look takes.
import { Rejected } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import { coalesce } from './coalesce.ts'
import { Endings } from './endings.ts'
import { Ids, isHomeless } from './ids.ts'
import { readOutcomes } from './journal.ts'
import { connectLinks } from './links.ts'
import { createPost } from './messages.ts'
import type { Client, StoreOptions } from './types.ts'
import { kind, maxDataChars } from './unit.ts'

type Start = { readonly id: string; readonly wf: number; readonly workflow: string; readonly data: string }

/** @returns a client, and how to close it */
export async function openClient(options: StoreOptions): Promise<Client & { close(): Promise<void> }> {
  const { schema, pollMs } = options
  const links = await connectLinks(options)
  const ids = new Ids(links.reader, schema)
  const endings = new Endings(links.reader, schema)
  const post = createPost(links.reader, schema, () => links.hint())
  const poll = setInterval(() => void endings.poll().catch(() => undefined), pollMs)

  const begin = coalesce<Start, 'started' | 'existing'>(async (starts) => {
    const column = (of: keyof Start): unknown[] => starts.map((start) => start[of])
    const keys = column('id')
    await links.writer.query({ name: 'start', text: startText(schema), values: [column('wf'), keys, column('workflow'), column('data')] })
    // Asked again after a lost answer it inserts nothing, and the number tells whose run it is.
    const { rows } = await links.reader.query({ text: `SELECT key, wf FROM ${schema}.wf_key WHERE key = ANY($1)`, values: [keys] })
    const owner = new Map(rows.map(([key, wf]) => [key as string, Number(wf)]))
    links.hint()
    return starts.map(({ id, wf }) => (owner.get(id) === wf ? 'started' : 'existing'))
  })

  return {
    async start(workflow, id, input: Json) {
      const data = JSON.stringify(input)
      if (data.length > maxDataChars) throw new Rejected(`an input of at most ${maxDataChars} characters can be recorded, found ${data.length}`)
      for (;;) {
        const wf = await ids.next()
        try {
          return await begin({ id: checkId('run id', id), wf, workflow: checkId('workflow', workflow), data })
        } catch (error) {
          if (!isHomeless(error)) throw error
          ids.discard(wf)
        }
      }
    },
    outcome: (id, abort) => endings.outcome(id, abort),
    outcomes: (asked) => readOutcomes(links.reader, schema, asked),
    signal: async (run, name, payload, signalId) => post({ run: checkId('run id', run), id: checkId('signal id', signalId), name: checkId('signal name', name), payload: JSON.stringify(payload) }),
    cancel: (run) => post({ run: checkId('run id', run), id: '', name: '', payload: '' }),
    async close() {
      clearInterval(poll)
      await links.close()
    },
  }
}

/** What Postgres can hold as a key: not empty, no NUL, short enough for an index. */
export function checkId(what: string, id: string): string {
  if (id !== '' && id.length <= 600 && !id.includes('\0')) return id
  throw new Rejected(`expected a ${what} of 1 to 600 characters without NUL, found ${id.length} characters`)
}

const startText = (s: string): string => `WITH fresh AS (
    INSERT INTO ${s}.wf_key (key, wf) SELECT u.key, u.wf FROM unnest($1::int8[], $2::text[]) u (wf, key) ORDER BY u.key COLLATE "C" ON CONFLICT DO NOTHING RETURNING wf, key
  ), first AS (
    INSERT INTO ${s}.journal (wf, seq, kind, name, data)
    SELECT wf, 0, ${kind.start}, u.name, u.data FROM fresh JOIN unnest($1::int8[], $3::text[], $4::text[]) u (wf, name, data) USING (wf)
  ) INSERT INTO ${s}.active (wf, owner, key) SELECT wf, 0, key FROM fresh`
