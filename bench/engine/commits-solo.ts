// See commits.ts.
import pg from 'pg'
import { payloadBytes } from './points.ts'
import type { Figures, SoloSettings } from './solo.ts'

const warmup = 500

export async function measure({ url, commits }: SoloSettings & { readonly commits: number }): Promise<Figures> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE single (id bigint PRIMARY KEY, data text NOT NULL)')
  const data = 'x'.repeat(payloadBytes)
  const latencies = new Float64Array(commits)
  let beganMs = performance.now()
  for (let n = -warmup; n < commits; n++) {
    const sentMs = performance.now()
    if (n === 0) beganMs = sentMs
    await client.query({ name: 'single', text: 'INSERT INTO single VALUES ($1, $2)', values: [n, data] })
    if (n >= 0) latencies[n] = performance.now() - sentMs
  }
  const totalMs = performance.now() - beganMs
  return { p50Ms: latencies.sort()[commits >> 1]!, totalMs }
}
