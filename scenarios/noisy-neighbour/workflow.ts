// Reads page after page for a tenant and reports: long work for the one that floods, short work for the others.
import type { Workflow } from '../../contract/scenario.ts'

export type Order = { readonly tenant: string; readonly pages: number }

export const noisyNeighbour: Workflow = async (ctx, input) => {
  const { tenant, pages } = input as Order
  for (let page = 1; page <= pages; page++) await ctx.step('read', { tenant, page })
  await ctx.step('report', { tenant, pages })
  return { pages }
}
