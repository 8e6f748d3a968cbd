import { describe, expect, it } from 'vitest'
import type { Client } from '../contract/driver.ts'
import { Rejected, Unknown } from '../contract/errors.ts'
import type { Json } from '../contract/json.ts'
import { checked, notJson } from './checked.ts'

const never = new AbortController().signal
const request = { scenario: 'script', id: 'r-1', input: null }

function client(start: Client['start']): Client {
  const unused = (): never => {
    throw new Error('not used here')
  }
  return checked({ start, outcome: unused, outcomes: unused, signal: unused, cancel: unused, [Symbol.asyncDispose]: () => Promise.resolve() }, 'mine')
}

describe('a checked client', () => {
  it('passes answers through', async () => {
    await expect(client(() => Promise.resolve('existing')).start(request, never)).resolves.toBe('existing')
  })

  it.each([new Rejected('no'), new Unknown('perhaps')])('lets %s escape untouched', async (error) => {
    await expect(client(() => Promise.reject(error)).start(request, never)).rejects.toBe(error)
  })

  it.each([
    ['rejects with', () => Promise.reject(new TypeError('x is undefined'))],
    ['throws', () => { throw new TypeError('x is undefined') }],
  ] as const)('names the driver that %s anything else', async (_how, start) => {
    await expect(client(start).start(request, never)).rejects.toThrow(/bug in driver 'mine': start failed with TypeError: x is undefined/)
  })

  it('does not wait for an engine that never answers', async () => {
    const stuck = client(() => new Promise(() => undefined))
    const signal = AbortSignal.timeout(30)
    const calls = [stuck.start(request, signal), stuck.start(request, signal)]
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'Unknown' })
  })

  it('does not send what is late already', async () => {
    let sent = false
    const late = client(() => {
      sent = true
      return Promise.resolve('started')
    })
    await expect(late.start(request, AbortSignal.abort())).rejects.toMatchObject({ name: 'Rejected' })
    expect(sent).toBe(false)
  })

  it('refuses arguments that JSON would mangle, and says where', async () => {
    const input = { list: [1, { at: new Date() as unknown as Json }] }
    await expect(client(() => Promise.resolve('started')).start({ ...request, input }, never)).rejects.toThrow(/takes strict JSON, found an instance of Date at input\.list\[1\]\.at/)
  })
})

describe('strict JSON', () => {
  it.each([[undefined, 'undefined at x'], [Number.NaN, 'NaN at x'], [-0, '-0 at x'], [1n, 'bigint at x'], [[undefined], 'undefined at x[0]'], [{ a: { b: Infinity } }, 'Infinity at x.a.b'], [new Map(), 'an instance of Map at x']])('is not %o', (value, found) => {
    expect(notJson(value, 'x')).toBe(found)
  })

  it.each([null, true, '', 0, 1e21, [], {}, { a: [{ b: null }] }])('is %o', (value) => {
    expect(notJson(value, 'x')).toBeNull()
  })
})
