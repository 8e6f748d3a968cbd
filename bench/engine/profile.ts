// What bounds a row: its point or solo played once more, uncounted, with CPU profiles of the workers, the wait events of Postgres's
// backends, its statements by time and a hundredth of their plans. It distorts what it watches, so none of its rates is a figure.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver } from '../../contract/driver.ts'
import { cpuTable } from './cpu-profile.ts'
import { Observer } from './observer.ts'
import type { Place, StoreSettings } from './place.ts'
import { play, type Watching } from './play.ts'
import type { Profiled } from './row.ts'
import { runSolo } from './solo.ts'

const settings: StoreSettings = {
  shared_preload_libraries: `'pg_stat_statements', 'auto_explain'`,
  'auto_explain.log_min_duration': '0',
  'auto_explain.sample_rate': '0.01',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_parameter_max_length': '0',
}

/** Leaves in the folder: cpu.txt, waits.txt, statements.txt, postgres.log with the plans, and a .cpuprofile a worker. */
export async function profile(place: Place, what: Profiled, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  if ('point' in what) await play(place, what.point, {}, watch(folder))
  else await watchedSolo(place, what, folder)
  writeFileSync(join(folder, 'cpu.txt'), cpuTable(folder))
}

async function watchedSolo(place: Place, { solo, told }: Extract<Profiled, { solo: URL }>, folder: string): Promise<void> {
  await using store = await place.store(settings, folder)
  const observer = new Observer(store.url)
  await runSolo(place, solo, { url: store.url, ...told }, cpuProfile(folder, 'solo')).finally(() => observer.stop(folder))
}

function cpuProfile(folder: string, name: string): readonly string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
}

function watch(folder: string): Watching {
  let observer: Observer | undefined
  return {
    settings,
    logs: folder,
    wrap: (driver) => profiled(driver, folder),
    begin: (url) => (observer = new Observer(url)),
    end: () => observer!.stop(folder),
  }
}

function profiled(driver: Driver, folder: string): Driver {
  return {
    ...driver,
    async deploy(env) {
      const deployment = await driver.deploy(env)
      const first = new Map<number, string>()
      return {
        ...deployment,
        [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
        worker(slot) {
          const spec = deployment.worker(slot)
          if (!first.has(slot.index)) first.set(slot.index, slot.incarnation)
          // Those that come after the drain only answer questions.
          if (first.get(slot.index) !== slot.incarnation) return spec
          return { ...spec, nodeArgs: [...(spec.nodeArgs ?? []), ...cpuProfile(folder, slot.incarnation)] }
        },
      }
    },
  }
}
