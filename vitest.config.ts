// Tests sit beside the code they test. Those that start servers are slow but bounded; files run one after the other, since
// they share two cores and real time-outs.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['**/*.test.ts'], exclude: ['node_modules/**', 'results/**', 'dist/**'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 },
})
