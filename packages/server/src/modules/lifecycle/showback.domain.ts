import type { PriceKey, Prices } from '@changbai/contract/lifecycle.ts'

/** Amounts of one thing at an instant, by what is priced. */
export type PricedAmounts = Partial<Record<PriceKey, number>>
/** One thing as it was held: amounts that do not change within a stretch, milliseconds since 1970, half-open. */
export interface Stretch {
  fromMs: number
  toMs: number
  amounts: PricedAmounts
}

/**
 * The stretches of a thing within a month: from what it is now backwards through its changes.
 * @param changes newest first, each with the amounts that held before it
 */
export function stretchesOf<T extends object>(
  now: T,
  changes: readonly { atMs: number; before: Partial<T> }[],
  span: { fromMs: number; toMs: number },
  priced: (as: T) => PricedAmounts,
): Stretch[] {
  const stretches: Stretch[] = []
  let as = now
  let end = span.toMs
  for (const { atMs, before } of changes) {
    if (atMs < end && end > span.fromMs) {
      stretches.push({ fromMs: Math.max(atMs, span.fromMs), toMs: end, amounts: priced(as) })
      end = Math.max(atMs, span.fromMs)
    }
    as = { ...as, ...before }
  }
  if (end > span.fromMs) stretches.push({ fromMs: span.fromMs, toMs: end, amounts: priced(as) })
  return stretches.filter((one) => one.toMs > one.fromMs).reverse()
}

/** Units times the share of the month they were held, by what is priced. */
export function quantitiesOf(stretches: readonly Stretch[], monthMs: number): PricedAmounts {
  const sums: PricedAmounts = {}
  for (const { fromMs, toMs, amounts } of stretches)
    for (const [key, amount] of Object.entries(amounts) as [PriceKey, number][])
      if (amount !== 0) sums[key] = (sums[key] ?? 0) + (amount * (toMs - fromMs)) / monthMs
  return sums
}

/** What was held, at the prices in force, in whole hundredths: each line is rounded once, and every sum is a sum of lines. */
export function weigh(quantities: PricedAmounts, prices: Prices) {
  return (Object.entries(quantities) as [PriceKey, number][])
    .map(([key, quantity]) => {
      const price = prices.perMonth[key] ?? 0
      return { key, quantity: Math.round(quantity * 10_000) / 10_000, price, weightCents: Math.round(quantity * price * 100) }
    })
    .sort((a, b) => b.weightCents - a.weightCents || a.key.localeCompare(b.key))
}

/** Price of a disk of this kind. */
export const diskKey = (tier: 'SSD' | 'SAS' | 'SATA' | null): PriceKey =>
  tier === 'SSD' ? 'ssdGiB' : tier === 'SAS' ? 'sasGiB' : tier === 'SATA' ? 'sataGiB' : 'otherGiB'
