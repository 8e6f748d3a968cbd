// The bookings go into a table without any unique key: a constraint would provide what is to be shown.
import type { StepSpec, Transaction } from '../../contract/scenario.ts'

export const bookings = 'CREATE TABLE IF NOT EXISTS durabench_bookings (workflow_id text NOT NULL, key text NOT NULL, account text NOT NULL, cents int NOT NULL)'

export const transactions: Record<string, Transaction> = {
  book: (input, { workflowId, key }) => {
    const { account, cents } = input as { account: string; cents: number }
    return { text: 'INSERT INTO durabench_bookings VALUES ($1, $2, $3, $4) RETURNING key', values: [workflowId, key, account, cents] }
  },
}

export const steps: Record<string, StepSpec> = {
  notify: {
    effect: 'unkeyed', timeoutMs: 3_000, retry: { attempts: 12, firstMs: 100, factor: 2, maxMs: 1_000 },
    run: (world, input) => {
      const { to, cents } = input as { to: string; cents: number }
      return world.mail({ to: `${to}@example.org`, subject: `You were sent ${cents} cents` })
    },
  },
}
