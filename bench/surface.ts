// The operational surface of a point, measured while it runs: what has to run, what it costs idle and loaded. Figures come
// from /proc and from the store itself; where the system does not tell, they are null, never guessed.
import { readFileSync } from 'node:fs'
import type { Driver } from '../contract/driver.ts'
import type { Surface } from '../contract/result.ts'
import type { RunningServices } from '../services/index.ts'
import type { Fleet } from './fleet.ts'

const ticksPerSecond = 100 // USER_HZ: fixed for user space on Linux
const pageBytes = 4096

export interface SurfaceObservation {
  readonly surface: Surface
  /** CPU seconds of workers, servers and store until the drain; null where unknown. */
  readonly cpuSeconds: number | null
  readonly walBytes: number | null
}

interface Observing {
  loaded(services: RunningServices, fleet: Fleet): void
  finish(services: RunningServices): Promise<SurfaceObservation>
}

interface Parts {
  readonly services: RunningServices
  readonly fleet: Fleet
  readonly driver: Driver
}

/** `start` brings the workers up; its time is the cold start. */
export async function observeSurface({ services, fleet, driver }: Parts, start: () => Promise<void>): Promise<Observing> {
  const began = performance.now()
  await start()
  const coldStartMs = performance.now() - began
  const processes = [...services.processes(), ...fleet.processes]
  const idleRssMb = sum(processes.map(({ pid }) => rssMb(pid)))
  const walAtStart = await services.walBytes()
  const cpuAtStart = cpuSeconds(pids(services, fleet))
  let cpuLoaded: number | null = null
  return {
    loaded(servicesNow, fleetNow) {
      const now = cpuSeconds(pids(servicesNow, fleetNow))
      cpuLoaded = now === null || cpuAtStart === null || now < cpuAtStart ? null : now - cpuAtStart
    },
    async finish(servicesNow) {
      const wal = await servicesNow.walBytes()
      return {
        cpuSeconds: cpuLoaded,
        walBytes: wal === null || walAtStart === null ? null : wal - walAtStart,
        surface: {
          processes: processes.map(({ name }) => name),
          stores: driver.needs.includes('postgres') ? ['postgres'] : [],
          coldStartMs, idleRssMb,
          idleCpuShare: null, cpuSecondsPerThousandTransitions: null, walBytesPerTransition: null, listeners: null, tables: null,
        },
      }
    },
  }
}

function pids(services: RunningServices, fleet: Fleet): number[] {
  return [...services.processes(), ...fleet.processes].map(({ pid }) => pid)
}

function rssMb(pid: number): number | null {
  const pages = proc(pid, 'statm')?.split(' ')[1]
  return pages === undefined ? null : (Number(pages) * pageBytes) / 2 ** 20
}

/** Of all these processes together; null where the system does not tell, or one is gone. */
export function cpuSeconds(pids: readonly number[]): number | null {
  return sum(pids.map(cpuSecondsOf))
}

/** Its own and that of its children that ended: Postgres's backends count once they are gone. */
function cpuSecondsOf(pid: number): number | null {
  const fields = proc(pid, 'stat')?.split(') ')[1]?.split(' ')
  if (fields === undefined) return null
  return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0) / ticksPerSecond
}

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined // gone meanwhile, or no /proc on this system
  }
}

function sum(parts: readonly (number | null)[]): number | null {
  return parts.every((part) => part !== null) ? parts.reduce((a, b) => a + b, 0) : null
}
