// The schema, version by version: migration n makes version n of n - 1. What is here has been deployed somewhere, so it is never
// changed, only followed. A migration leaves the engine of the version before it able to go on until it is replaced.
import { first } from './first.ts'
import { parking } from './parking.ts'
import { retention } from './retention.ts'
import { suspicion } from './suspicion.ts'

export const migrations: readonly ((schema: string) => string)[] = [first, parking, retention, suspicion]
