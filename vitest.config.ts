// Tests sit beside the code they test. Those that start servers mostly wait for real time-outs, so two files run at a time:
// more would starve each other on two cores.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['**/*.test.ts'], exclude: ['node_modules/**', 'results/**', 'dist/**', 'examples/own-engine/**'], maxWorkers: 2, testTimeout: 60_000, hookTimeout: 120_000 },
})
