// Where and with what a run was made: figures of two runs are comparable only where these agree.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Json } from '../contract/json.ts'
import type { Result } from '../contract/result.ts'

export function fingerprint(): Record<string, Json> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    governor: readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor') ?? 'unknown',
    cgroupCpuMax: readText('/sys/fs/cgroup/cpu.max') ?? 'unknown',
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    node: process.version,
    loadAverageAtStart: loadavg()[0] ?? null,
    stealTicksAtStart: stealTicks(),
  }
}

/** Ticks that the hypervisor gave to others, over all cores; null where the system does not tell. */
function stealTicks(): number | null {
  const fields = readText('/proc/stat')?.split('\n')[0]?.split(/\s+/)
  return fields?.[8] === undefined ? null : Number(fields[8])
}

export function gitRevision(): Result['run']['git'] {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return { revision: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' }
  } catch {
    return null // not a checkout, or no git: the package version in the drivers' versions tells the rest
  }
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}
