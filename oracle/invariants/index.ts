// Every invariant that is checked, in the order of docs and tables.
import { admission } from './admission.ts'
import { cancel } from './cancel.ts'
import { claimed } from './claimed.ts'
import { conservation } from './conservation.ts'
import { effects } from './effects.ts'
import { evidenceIntact } from './evidence.ts'
import { fencing } from './fencing.ts'
import { finality } from './finality.ts'
import type { Invariant } from './invariant.ts'
import { liveness } from './liveness.ts'
import { order } from './order.ts'
import { orphans } from './orphans.ts'
import { outcome } from './outcome.ts'
import { races } from './races.ts'
import { signals } from './signals.ts'
import { stability } from './stability.ts'
import { startDedup } from './start-dedup.ts'
import { timers } from './timers.ts'

export const invariants: readonly Invariant[] = [
  admission, effects, claimed, stability, order, signals, races, timers, fencing, finality, cancel, orphans, startDedup, conservation, liveness, evidenceIntact, outcome,
]
