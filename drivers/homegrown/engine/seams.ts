// What tests may replace in order to have a broken engine; the engine itself has one honest implementation of each.
import { KeepingMailbox, type Mailbox } from './mailbox.ts'
import { strict } from './statement.ts'
import type { Store } from './store.ts'
import type { Guards } from './types.ts'

export interface Seams {
  readonly guards: Guards
  decorateStore(store: Store): Store
  readonly createMailbox: () => Mailbox
}

export const honest: Seams = { guards: strict, decorateStore: (store) => store, createMailbox: () => new KeepingMailbox() }
