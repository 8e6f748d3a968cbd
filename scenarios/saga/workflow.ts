// Books a flight and a hotel against deposits and pays the rest; if the card is declined it gives the bookings back, the last first.
import type { Workflow } from '../../contract/scenario.ts'

export type TripInput = {
  readonly customer: string
  readonly flightCents: number
  readonly hotelCents: number
  readonly restCents: number
  readonly card: 'good' | 'declined'
}
export type TripOutput = { readonly booked: boolean; readonly keptCents: number }

type Booking = { readonly what: 'flight' | 'hotel'; readonly chargeId: string; readonly amountCents: number }

export const saga: Workflow = async (ctx, input): Promise<TripOutput> => {
  const { customer, flightCents, hotelCents, restCents, card } = input as TripInput
  const book = async (what: Booking['what'], amountCents: number): Promise<Booking> =>
    ({ what, amountCents, ...(await ctx.step<{ chargeId: string }>(`book-${what}`, { customer, amountCents })) })
  const bookings = [await book('flight', flightCents), await book('hotel', hotelCents)]
  const paid = await ctx.attempt({ step: 'pay', input: { customer, amountCents: restCents, card } })
  if (paid.ok) {
    await ctx.step('confirm', { customer })
    return { booked: true, keptCents: flightCents + hotelCents + restCents }
  }
  for (const { what, chargeId, amountCents } of bookings.toReversed()) await ctx.step(`cancel-${what}`, { chargeId, amountCents })
  await ctx.step('apologise', { customer })
  return { booked: false, keptCents: 0 }
}
