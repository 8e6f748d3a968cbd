// volatile: runs live in the memory of the worker where they were started, and die with it. It is the control that must
// fail under kills, and the upper bound of the load generator. Trade-off: with two workers a client sees only the runs of
// its own worker (outcome `absent`, signals rejected); whoever asks tries the other apps.
import { moduleBeside } from '../../contract/beside.ts'
import type { Deployment, Driver, Promises } from '../../contract/driver.ts'

const ours = <T>(value: T): { value: T; page: string } => ({ value, page: 'ours' })

const promises: Promises = {
  effects: ours('at-most-once'),
  cancel: ours('boundary'),
  orphans: ours('cancel'),
  startDedup: ours('until the worker ends, within one worker'),
  timerGrainMs: ours(1),
  limits: ours('the heap of one process'),
  recovery: ours({ who: 'nobody', afterMs: 0 }),
  fencing: ours('none: nobody takes over'),
}

export const driver: Driver = {
  name: 'volatile',
  title: 'volatile (control: in memory, no durability)',
  needs: [],
  placement: 'embedded',
  capabilities: {
    'step': 'native', 'all': 'native', 'transact': 'absent', 'sleep': 'native',
    'signal-once': 'native', 'signal-stream': 'native', 'signal-early': 'native', 'signal-dedup': 'native',
    'child': 'native', 'uncancellable': 'absent', 'renew': 'absent', 'cancel': 'native', 'start-dedup': 'native',
    'journal': 'absent', 'takeover': 'absent', 'upgrade': 'absent',
  },
  promises,
  variants: { default: null },
  settings: [
    { name: '--max-old-space-size', value: '6144', why: 'every outcome stays in memory until it is read; a long run at full rate keeps millions' },
    { name: '--max-semi-space-size', value: '64', why: 'most of a run is garbage within a tick; a larger nursery collects it cheaply' },
  ],
  versions: () => ({ node: process.versions.node }),
  deploy: (): Promise<Deployment> => Promise.resolve(deployment),
}

const deployment: Deployment = {
  info: null,
  worker: () => ({
    module: moduleBeside(import.meta.url, './worker').href,
    config: driver.capabilities,
    nodeArgs: ['--max-old-space-size=6144', '--max-semi-space-size=64'],
    stop: { signal: 'SIGTERM', graceMs: 1_000 },
  }),
  // A journal kept by the process under test would say nothing once that process is dead, so there is none.
  async *journal() {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
}
