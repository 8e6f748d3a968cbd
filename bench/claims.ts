// What workers left at failpoints: a file each, written by the worker itself just before it died there, or as it began to wait
// for a service to die. A death is told by whoever saw it (the fleet); what waits has to be looked for, since nothing else tells.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Claim } from '../worker/failpoints.ts'

const pollMs = 5

export interface Death {
  readonly claim: Claim
  readonly slot: number
}

export class Claims {
  readonly #folder: string | null
  readonly #deaths = new Map<string, PromiseWithResolvers<Death>>()

  /** null: the point has no failpoints. */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** By which failpoint this worker died, if by one. */
  deathOf(incarnation: string): Claim | null {
    return this.#all().find((claim) => claim.incarnation === incarnation && claim.waits === undefined) ?? null
  }

  died(death: Death): void {
    this.#death(death.claim.fault).resolve(death)
  }

  /** Resolves when a worker died at that failpoint. */
  claimed(fault: string, signal: AbortSignal): Promise<Death> {
    const death = this.#death(fault)
    const give = (): void => death.reject(missed(signal))
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
    return death.promise
  }

  /** Resolves when a worker waits at that failpoint. */
  async held(fault: string, signal: AbortSignal): Promise<Claim> {
    for (;;) {
      const claim = this.#all().find((claim) => claim.fault === fault)
      if (claim !== undefined) return claim
      if (signal.aborted) throw missed(signal)
      await delay(pollMs)
    }
  }

  letGo(fault: string): void {
    if (this.#folder !== null) writeFileSync(join(this.#folder, `${fault}.go`), '')
  }

  #death(fault: string): PromiseWithResolvers<Death> {
    const death = this.#deaths.get(fault) ?? Promise.withResolvers<Death>()
    this.#deaths.set(fault, death)
    return death
  }

  #all(): Claim[] {
    const folder = this.#folder
    if (folder === null) return []
    return readdirSync(folder).filter((name) => name.endsWith('.claim')).flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      // Created, and not written yet.
      return text === '' ? [] : [JSON.parse(text) as Claim]
    })
  }
}

function missed({ reason }: AbortSignal): Error {
  const { name, message } = reason as Error
  return new Error(name === 'TimeoutError' ? 'no worker reached the failpoint in time' : message)
}
