// Where the workers' CPU went, from V8's profiles: time in each function itself, as a table. The .cpuprofile files beside it open
// as flame graphs in the developer tools of a browser or editor.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const functionsShown = 25

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number } }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** One table over the profiles in the folder; idle time is left out. */
export function cpuTable(folder: string): string {
  const ms = new Map<string, number>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) add(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile, ms)
  const idle = ms.get('(idle)') ?? 0
  ms.delete('(idle)')
  const busy = [...ms.values()].reduce((sum, one) => sum + one, 0)
  const lines = [...ms].sort(([, a], [, b]) => b - a).slice(0, functionsShown).map(([what, took]) => `${((took / busy) * 100).toFixed(1).padStart(5)} %  ${what}\n`)
  return `${busy.toFixed(0)} ms at work, ${idle.toFixed(0)} ms idle, over all workers\n${lines.join('')}`
}

function add({ nodes, samples, timeDeltas }: CpuProfile, ms: Map<string, number>): void {
  const names = new Map(nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [id, url === '' ? functionName : `${functionName || '(anonymous)'} ${basename(url)}:${lineNumber + 1}`]))
  samples.forEach((id, i) => {
    const name = names.get(id)!
    ms.set(name, (ms.get(name) ?? 0) + timeDeltas[i]! / 1e3)
  })
}
