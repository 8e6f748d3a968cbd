// Every mutant. One that is not caught fails the build.
import { ackBeforeCommit } from './ack-before-commit.ts'
import { believedCommit } from './believed-commit.ts'
import { loseEarlySignal } from './lose-early-signal.ts'
import { rerunClaimed } from './rerun-claimed.ts'
import { resentBatch } from './resent-batch.ts'
import { staleReply } from './stale-reply.ts'
import { unfencedEnd } from './unfenced-end.ts'
import { unfencedWait } from './unfenced-wait.ts'
import { unfencedZombie } from './unfenced-zombie.ts'
import type { Mutant } from '../mutant.ts'

export const mutants: readonly Mutant[] = [ackBeforeCommit, rerunClaimed, unfencedZombie, unfencedWait, unfencedEnd, loseEarlySignal, staleReply, resentBatch, believedCommit]
