// What the runs of a point did beside steps: without waits, signals, cancels and transactions little of an engine is tested.
import type { TraceEntry } from '../../contract/logs.ts'
import type { RunMix } from '../../contract/result.ts'
import type { Evidence, Run } from '../../oracle/evidence.ts'

export function measureMix({ runs, bare }: Evidence): RunMix {
  const topLevel = runs.filter(({ id }) => !id.includes('/')).map(kindsOf)
  const count = (kind: keyof ReturnType<typeof kindsOf>): number => topLevel.filter((kinds) => kinds[kind]).length
  return {
    runs: topLevel.length,
    steps: bare.count + runs.reduce((sum, { attempts }) => sum + attempts.length, 0),
    waited: count('waited'), signalled: count('signalled'), cancelled: count('cancelled'), transactional: count('transactional'),
    mixed: topLevel.filter((kinds) => Object.values(kinds).includes(true)).length,
  }
}

function kindsOf({ seen, signals, cancels }: Run): Record<'waited' | 'signalled' | 'cancelled' | 'transactional', boolean> {
  const outcome = seen.at(-1)?.outcome
  const trace = outcome?.status === 'completed' ? ((outcome.output as { readonly trace?: readonly TraceEntry[] }).trace ?? []) : []
  const has = (name: string): boolean => trace.some((entry) => typeof entry === 'object' && name in entry)
  return {
    waited: has('wait') || has('timer'),
    signalled: signals.some(({ answer }) => answer === 'ok'),
    cancelled: cancels.some(({ answer }) => answer === 'ok'),
    transactional: has('rows'),
  }
}
