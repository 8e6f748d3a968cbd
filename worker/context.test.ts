import { expect, it } from 'vitest'
import type { Capability, NumberedOp, Primitives, Support } from '../contract/driver.ts'
import { StepFailed } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import type { Output } from '../contract/logs.ts'
import type { Settled, Workflow } from '../contract/scenario.ts'
import { runBody } from './context.ts'

/** Primitives that record what they are asked and answer at once; nonces are 1001, 1002, … */
class Recording implements Primitives {
  readonly ops: NumberedOp[] = []
  readonly points: string[] = []
  #nonce = 1000

  async run(ops: readonly NumberedOp[]): Promise<Settled<Json>[]> {
    this.ops.push(...ops)
    return ops.map((op): Settled<Json> => {
      if ('child' in op) return { ok: true, value: { value: 'of the child', trace: [] } }
      if ('step' in op && op.step === 'refuse') return { ok: false, error: new StepFailed('refused', 'no') }
      return { ok: true, value: { v: `v${op.seq}`, n: ++this.#nonce } }
    })
  }
  async sleep(): Promise<void> {}
  async signal(_seq: number, name: string): Promise<{ got: Json } | 'timeout'> {
    return name === 'never' ? 'timeout' : { got: { s: 'signal-1', p: 'yes' } }
  }
  reached(point: string, seq: number): void {
    this.points.push(`${point} ${seq}`)
  }
}

const all = new Proxy({}, { get: () => 'native' }) as Record<Capability, Support>
const none = new Proxy({}, { get: () => 'absent' }) as Record<Capability, Support>

async function play(workflow: Workflow, capabilities = all): Promise<Output & { primitives: Recording }> {
  const primitives = new Recording()
  return { ...(await runBody(workflow, 'run-7', null, primitives, capabilities)), primitives }
}

it('numbers the calls, and chains each to the replies of those before it', async () => {
  const { value, trace, primitives } = await play(async (ctx) => {
    const first = await ctx.step('a', 'x')
    await ctx.all([{ step: 'b', input: 1 }, { step: 'c', input: 2 }])
    await ctx.step('d', null)
    return first
  })
  expect(value).toBe('v1')
  expect(trace).toEqual([1001, 1002, 1003, 1004])
  expect(primitives.ops).toEqual([
    { step: 'a', input: { i: 'x', p: [] }, seq: 1, after: 0, key: 'run-7/1' },
    { step: 'b', input: { i: 1, p: [1001] }, seq: 2, after: 1, key: 'run-7/2' },
    { step: 'c', input: { i: 2, p: [1001] }, seq: 3, after: 1, key: 'run-7/3' },
    { step: 'd', input: { i: null, p: [1002, 1003] }, seq: 4, after: 3, key: 'run-7/4' },
  ])
})

it('traces children, timers, waits and transactions, and chains to what they brought', async () => {
  const { value, trace, primitives } = await play(async (ctx) => {
    const told = [await ctx.child('script', [])]
    await ctx.sleep(30)
    told.push(JSON.stringify(await ctx.signal('approve', { timeoutMs: 50 })), await ctx.signal('never'))
    await ctx.transact('insert', 1)
    await ctx.step('last', null)
    return told
  })
  expect(value).toEqual(['of the child', '{"got":"yes"}', 'timeout'])
  expect(trace).toEqual([
    { child: 'run-7/1' }, { timer: 30 },
    { wait: 'approve', signalId: 'signal-1', timeoutMs: 50 }, { wait: 'never', signalId: null, timeoutMs: null },
    { rows: 'run-7/5' }, 1002,
  ])
  expect(primitives.ops[1]).toMatchObject({ transact: 'insert', input: { i: 1, p: ['child:run-7/1', 'signal:signal-1'] } })
  expect(primitives.ops[2]).toMatchObject({ step: 'last', input: { p: ['rows:run-7/5'] } })
})

it('a failed step throws from step and is a value from attempt', async () => {
  const { value, trace } = await play(async (ctx) => {
    const settled = await ctx.attempt({ step: 'refuse', input: null })
    const caught = await ctx.step('refuse', null).catch((error: StepFailed) => error.code)
    return [settled.ok, caught]
  })
  expect(value).toEqual([false, 'refused'])
  expect(trace).toEqual([{ failed: 'refused' }, { failed: 'refused' }])
})

it('refuses a call while another is pending, and lets the first go on', async () => {
  const { value, trace } = await play(async (ctx) => {
    const pending = ctx.step('a', null)
    const refused = await ctx.step('b', null).catch((error: Error) => error.message)
    return [await pending, refused, await ctx.step('c', null)]
  })
  expect(value).toEqual(['v1', expect.stringMatching(/^workflow run-7 made a call while another was pending; use ctx\.all/), 'v2'])
  expect(trace).toHaveLength(2)
})

it('nothing to do at once is done at once, unnumbered', async () => {
  expect(await play(async (ctx) => [...(await ctx.all([])) as Json[]])).toMatchObject({ value: [], trace: [] })
})

it.each([
  ['transact', (ctx) => ctx.transact('insert', 1)],
  ['uncancellable', (ctx) => ctx.uncancellable(async () => null)],
  ['renew', (ctx) => ctx.renew(null)],
] as const satisfies [string, Workflow][])('says which capability is missing for %s', async (capability, body) => {
  await expect(play(body, none)).rejects.toThrow(new RegExp(`declares '${capability}' absent`))
})

it('passes each failpoint of the body: every op begins, and the body returns once', async () => {
  const { primitives } = await play(async (ctx) => {
    await ctx.step('a', null)
    await ctx.sleep(1)
    return null
  })
  expect(primitives.points).toEqual(['op-begins 1', 'op-begins 2', 'body-returns 2'])
})
