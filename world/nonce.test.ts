import { expect, it } from 'vitest'
import { nonces as workerNonces } from '../worker/nonces.ts'
import { worldNonces, worldNoncesBelow } from './nonce.ts'

it('counts from 1, below the nonces of every worker', () => {
  const next = worldNonces()
  expect([next(), next(), next()]).toEqual([1, 2, 3])
  expect(workerNonces('worker-1')()).toBeGreaterThanOrEqual(worldNoncesBelow)
})
