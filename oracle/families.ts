// Parents and children: a child's id is `<parent>/<seq>`. And by when a run had ended for sure: a top-level run when a reader saw
// it, a child when its parent went on with its result, for the parent's next step carries the child's token.
import type { Evidence, Run } from './evidence.ts'
import { firstTerminal } from './path.ts'
import { stepsOf } from './steps.ts'

export interface KnownEnd {
  readonly atMs: number
  readonly line: string
}

const known = new WeakMap<Evidence, ReadonlyMap<Run, readonly Run[]>>()

/** Children by parent; a child of whose parent no log tells is left out. */
export function childrenIn(evidence: Evidence): ReadonlyMap<Run, readonly Run[]> {
  let families = known.get(evidence)
  if (families === undefined) {
    const children = new Map<Run, Run[]>()
    for (const run of evidence.runs) {
      const parent = run.id.includes('/') ? parentOf(evidence, run) : undefined
      if (parent === undefined) continue
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [run])
      else siblings.push(run)
    }
    known.set(evidence, (families = children))
  }
  return families
}

/** Undefined for a top-level run. */
function parentOf(evidence: Evidence, run: Run): Run | undefined {
  const slash = run.id.lastIndexOf('/')
  return slash < 0 ? undefined : evidence.runOf(run.id.slice(0, slash))
}

/** A run and all below it. */
export function familyOf(evidence: Evidence, run: Run): Run[] {
  return [run, ...(childrenIn(evidence).get(run) ?? []).flatMap((child) => familyOf(evidence, child))]
}

/** Where the engine ends children with their parent, an end above is one of all below: `inherits`. */
export function knownEnd(evidence: Evidence, run: Run, inherits: boolean): KnownEnd | null {
  const parent = parentOf(evidence, run)
  if (parent === undefined) {
    const seen = firstTerminal(run)
    return seen === undefined ? null : { atMs: seen.atMs, line: `history.jsonl#${seen.n}` }
  }
  const used = usedEnd(evidence, parent, run)
  const above = inherits ? knownEnd(evidence, parent, inherits) : null
  return used === null || (above !== null && above.atMs < used.atMs) ? above : used
}

/** When the parent went on with the child's result. */
export function usedEnd(evidence: Evidence, parent: Run, child: Run): KnownEnd | null {
  const token = `child:${child.id}`
  const user = stepsOf(evidence, parent).all.find(({ prev }) => prev.includes(token))
  return user === undefined ? null : { atMs: user.atMs, line: user.line }
}
