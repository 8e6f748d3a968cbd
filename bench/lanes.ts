// Plays items side by side, in lanes: those of one group take turns in as many lanes as the group has, groups don't wait for each
// other. Each group's items begin in their order.

export interface Lanes<T> {
  readonly group: (item: T) => string
  /** How many of a group may be played at once. */
  readonly width: (group: string) => number
}

/** Resolves when every item was played; rejects with the first that did, when those under way have ended. */
export async function inLanes<T>(items: readonly T[], { group, width }: Lanes<NoInfer<T>>, play: (item: T) => Promise<void>): Promise<void> {
  const lanes = [...Map.groupBy(items, group)].flatMap(([name, own]) => {
    const rest = own.values()
    return Array.from({ length: Math.min(width(name), own.length) }, async () => {
      for (const item of rest) await play(item)
    })
  })
  const settled = await Promise.allSettled(lanes)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

export const oneLane: Lanes<unknown> = { group: () => 'all', width: () => 1 }
