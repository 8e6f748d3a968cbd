// The exact command that repeats a run: every flag that decides what happens, defaults written out. Addresses are left out,
// since a URL may hold a password.
import { usualExposures, type RunFlags } from './options.ts'

export function commandLine(command: string, flags: RunFlags): string {
  const { seed, drivers, scenarios, seconds, workers, minExposures } = flags
  const external = (['postgres', 'temporal', 'toxiproxy'] as const).filter((name) => flags.addresses[name] !== undefined).map((name) => ` --${name} …`).join('')
  return `npx durabench ${command} --seed ${seed} --drivers ${drivers.join(',')} --scenarios ${scenarios.join(',')} --seconds ${seconds} --workers ${workers}${minExposures === usualExposures ? '' : ` --min-exposures ${minExposures}`}${external}`
}
