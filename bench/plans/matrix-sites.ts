// Where a scenario's runs can be crashed: each step at each of its points, each other op where it begins, and the body's return.
import type { FailPoint } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Scenario } from '../../contract/scenario.ts'

export interface Site {
  readonly seq: number
  /** null: a wait, a child, a transaction, or the body's return. */
  readonly step: string | null
  readonly point: FailPoint
}

export type SiteFilter = (site: Site) => boolean

/** Runs that are looked at for the paths that there are. */
const looked = 60
export const pointOrder: readonly FailPoint[] = ['op-begins', 'before-effect', 'after-effect', 'after-return', 'body-returns']

/** Of all paths that the seed's runs take, in the order of seq, then of the point. */
export function sitesOf(scenario: Scenario, seed: number, params: Json): Site[] {
  const sites = new Map<string, Site>()
  for (let index = 0; index < looked; index++) for (const site of onPath(pathOf(scenario, seed, index, params))) sites.set(keyOf(site), site)
  return [...sites.values()].sort((a, b) => a.seq - b.seq || (a.step ?? '').localeCompare(b.step ?? '') || pointOrder.indexOf(a.point) - pointOrder.indexOf(b.point))
}

export function pathOf(scenario: Scenario, seed: number, index: number, params: Json): readonly (string | null)[] {
  return scenario.pathOf?.(scenario.input(seed, index, params)) ?? scenario.path
}

/** Whether a run of that path comes there. */
export function isOn(path: readonly (string | null)[], { seq, step, point }: Site): boolean {
  return point === 'body-returns' ? seq === path.length : seq <= path.length && path[seq - 1] === step
}

/** `charge`, `2`, `charge/after-effect`, `/op-begins`: a step by name or seq, a point, or both; of several any. null: not of that form. */
export function siteFilter(text: string): SiteFilter | null {
  const parts = text.split(',').map((part) => /^([a-z0-9-]*)(?:\/([a-z-]+))?$/.exec(part.trim()))
  if (parts.some((part) => part === null || part[0] === '' || (part[2] !== undefined && !pointOrder.some((point) => point === part[2])))) return null
  return ({ seq, step, point }) => parts.some((part) => (part![1] === '' || part![1] === step || part![1] === String(seq)) && (part![2] === undefined || part![2] === point))
}

function onPath(path: readonly (string | null)[]): Site[] {
  const ops = path.flatMap((step, i): Site[] => pointOrder
    .filter((point) => point === 'op-begins' || (step !== null && point !== 'body-returns'))
    .map((point) => ({ seq: i + 1, step, point })))
  return [...ops, { seq: path.length, step: null, point: 'body-returns' }]
}

const keyOf = ({ seq, step, point }: Site): string => `${seq}/${step ?? ''}/${point}`
