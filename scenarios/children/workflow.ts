// A team of agents on three levels, one body: who it is comes with the input. The orchestrator buys what its team needs, hands
// the question on, and reports; called off, it gives back what it bought, the last first.
import { isNamed } from '../../contract/errors.ts'
import type { Ctx, Op, Settled, Workflow } from '../../contract/scenario.ts'

export type Brief =
  | { readonly role: 'orchestrator'; readonly customer: string; readonly licenceCents: number; readonly computeCents: number; readonly readingMs: number }
  | { readonly role: 'specialist' | 'researcher'; readonly topic: string; readonly readingMs: number }
export type TeamOutput = { readonly keptCents: number; readonly findings: number }

type Purchase = { readonly chargeId: string; readonly amountCents: number }

export const children: Workflow = async (ctx, input) => {
  const brief = input as Brief
  if (brief.role === 'orchestrator') return orchestrate(ctx, brief)
  return brief.role === 'specialist' ? specialise(ctx, brief) : research(ctx, brief)
}

async function orchestrate(ctx: Ctx, { customer, licenceCents, computeCents, readingMs }: Extract<Brief, { role: 'orchestrator' }>): Promise<TeamOutput> {
  const bought: { readonly what: 'licence' | 'compute'; readonly purchase: Purchase }[] = []
  const buy = async (what: 'licence' | 'compute', amountCents: number): Promise<void> => {
    const { chargeId } = await ctx.step<{ chargeId: string }>(`buy-${what}`, { customer, amountCents })
    bought.push({ what, purchase: { chargeId, amountCents } })
  }
  try {
    await buy('licence', licenceCents)
    await buy('compute', computeCents)
    const { text } = await ctx.step<{ text: string }>('plan', { customer })
    const findings = await ctx.all<string>(['market', 'law'].map((field) => delegate('specialist', `${field} of ${text}`, readingMs)))
    await ctx.step('report', { customer, findings: count(findings) })
    return { keptCents: licenceCents + computeCents, findings: count(findings) }
  } catch (error) {
    if (isNamed(error, 'Cancelled')) await giveBack(ctx, bought)
    throw error
  }
}

/** Where the engine has nothing uncancellable, what was bought stays bought. */
async function giveBack(ctx: Ctx, bought: readonly { readonly what: string; readonly purchase: Purchase }[]): Promise<void> {
  try {
    await ctx.uncancellable(async () => {
      for (const { what, purchase } of bought.toReversed()) await ctx.step(`return-${what}`, purchase)
    })
  } catch (error) {
    if (!isNamed(error, 'Unsupported')) throw error
  }
}

async function specialise(ctx: Ctx, { topic, readingMs }: { readonly topic: string; readonly readingMs: number }): Promise<string> {
  const { text } = await ctx.step<{ text: string }>('outline', { topic })
  const notes = await ctx.all<string>(['sources', 'figures'].map((part) => delegate('researcher', `${part} on ${text}`, readingMs)))
  const review = await ctx.step<{ text: string }>('review', { topic, notes: count(notes) })
  return review.text
}

async function research(ctx: Ctx, { topic, readingMs }: { readonly topic: string; readonly readingMs: number }): Promise<string> {
  const { text } = await ctx.step<{ text: string }>('search', { topic })
  await ctx.sleep(readingMs)
  await ctx.step('note', { topic })
  return text
}

function delegate(role: 'specialist' | 'researcher', topic: string, readingMs: number): Op {
  return { child: 'children', input: { role, topic, readingMs } }
}

function count(results: readonly Settled<string>[]): number {
  return results.filter(({ ok }) => ok).length
}
