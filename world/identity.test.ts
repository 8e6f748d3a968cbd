import { expect, it } from 'vitest'
import { fromHeaders, toHeaders, type Identity } from './identity.ts'

const identity: Identity = { workflowId: 'run-1/2', seq: 3, step: 'charge', source: 'worker-1', inputHash: 4, prev: [5, 'signal:a,b% ü/7', 'child:run-1/1'], key: 'run-1/2/3' }

it.each([identity, { ...identity, prev: [] }, { ...identity, key: null }, { ...identity, prev: ['signal:7'] }])('what a client sends is what the world reads', (sent) => {
  expect(fromHeaders({ ...toHeaders(sent) })).toEqual(sent)
})

it.each([
  ['x-durabench-workflow', ''], ['x-durabench-seq', '0'], ['x-durabench-seq', '1.5'], ['x-durabench-seq', 'one'], ['x-durabench-step', ''],
  ['x-durabench-source', undefined], ['x-durabench-input-hash', '-1'], ['x-durabench-prev', undefined],
])('%s: %s is turned down by name', (header, value) => {
  expect(fromHeaders({ ...toHeaders(identity), [header]: value })).toContain(`expected the header ${header} to hold`)
})

it('a header that is missing is not the number 0', () => {
  expect(fromHeaders({ ...toHeaders(identity), 'x-durabench-input-hash': undefined })).toContain('x-durabench-input-hash')
})
