// A disk that can't save. After a failed fsync the kernel may have dropped the data, so a store must not try again and go on: Postgres
// panics, and that is what is to be seen. Proof: the call that failed, and the store's own last words.
import { standing } from '../ground.ts'
import type { MachineFault } from './fault.ts'

const panicMs = 10_000

export const failingFsync: MachineFault = {
  of: 'machine',
  kind: 'failing-fsync',
  about: 'every fsync of the store fails with EIO, through a shim between it and the C library, later works again, and the store is ended and started; proved by the calls that failed and by the store\'s PANIC over one',
  roles: ['store'],
  async hold(victim) {
    const { ground } = victim
    const server = standing(ground, 'server', 'a store of this run')
    const shim = standing(ground, 'shim', 'a store whose fsync goes through the shim')
    const before = shim.met().fsyncs
    const panic = server.logs(/PANIC: .*could not (fsync|fdatasync)/, panicMs)
    panic.catch(() => undefined)
    server.mayEnd()
    shim.failFsync(true)
    const heal = async (): Promise<{ saw: string }> => {
      shim.failFsync(false)
      // Postgres 18 whose own restart met a failing fsync as well stays in recovery for good: somebody has to end it.
      await victim.kill()
      await victim.revive('same')
      return { saw: `${shim.met().fsyncs - before} calls failed` }
    }
    try {
      return { saw: await panic, heal }
    } catch (error) {
      await heal()
      throw error
    }
  },
}
