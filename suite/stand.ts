// What the cases of one suite share: a guard, a folder for evidence, the driver, and services that were started once. A case that hurts a
// service starts its own. Cases take turns, whatever their runner thinks: two at once would starve each other into false alarms.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '../contract/driver.ts'
import { createRunFolder } from '../bench/folder.ts'
import { SharedServices } from '../bench/shared-services.ts'
import { startGuard, type Guard } from '../processes/guard.ts'
import type { Addresses } from '../services/index.ts'

export interface StandOptions {
  readonly driver: Driver
  readonly addresses: Addresses
  /** Where the evidence is kept; left out: in a temporary folder, kept only when a case fails. */
  readonly out: string | undefined
  /** The command that plays a case of this suite again, but for its name. */
  readonly command: string
}

export class Stand implements AsyncDisposable {
  readonly driver: Driver
  readonly addresses: Addresses
  readonly folder: string
  readonly guard: Guard
  readonly shared: SharedServices
  readonly #command: string
  readonly #temporary: boolean
  readonly #stack: AsyncDisposableStack

  private constructor({ driver, addresses, out, command }: StandOptions, guard: Guard, folder: string, stack: AsyncDisposableStack) {
    this.driver = driver
    this.addresses = addresses
    this.folder = folder
    this.guard = guard
    this.shared = stack.use(new SharedServices(folder, guard, addresses, 'embedded'))
    this.#command = command
    this.#temporary = out === undefined
    this.#stack = stack
  }

  static async open(options: StandOptions): Promise<Stand> {
    await using stack = new AsyncDisposableStack()
    const guard = stack.use(await startGuard())
    const folder = options.out === undefined ? guard.makeFolder(join(tmpdir(), 'durabench-suite-')) : createRunFolder(options.out, '')
    return new Stand(options, guard, folder, stack.move())
  }

  /** Ended with the stand, the last first. */
  use<T extends AsyncDisposable>(resource: T): T {
    return this.#stack.use(resource)
  }

  /** From now on the evidence outlives the suite: somebody will want to read it. */
  keep(): void {
    if (this.#temporary) this.guard.untrackPath(this.folder)
  }

  again(name: string): string {
    return `${this.#command} --only '${name.replaceAll('\'', '\'\\\'\'')}'`
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}
