import type { Audience } from '@changbai/contract/knowledge.ts'

/**
 * What a reader may see: the provider and the customer everything, bureaus what is meant for them, everybody else what is meant for all.
 * @param everywhere holds the right to read without bounds
 * @param inBureau holds a role within a bureau
 */
export const audiencesFor = (everywhere: boolean, inBureau: boolean): Audience[] =>
  everywhere ? ['PROVIDER', 'BUREAU', 'ALL'] : inBureau ? ['BUREAU', 'ALL'] : ['ALL']

/** A day of review: after today, within the interval of the plan. */
export const isReviewDay = (on: Temporal.PlainDate, today: Temporal.PlainDate, days: number): boolean =>
  Temporal.PlainDate.compare(on, today) > 0 && Temporal.PlainDate.compare(on, today.add({ days })) <= 0

const EXCERPT = 80
/** The sentence of a text that holds most of what was asked; its beginning when none does. */
export function excerptOf(body: string, asked: string, likeness: (asked: string, text: string) => number): string {
  const sentences = body.split(/(?<=[。！？!?\n])/u).filter((one) => one.trim() !== '')
  let best = sentences[0] ?? ''
  let most = 0
  for (const sentence of sentences) {
    const share = likeness(asked, sentence)
    if (share > most) [best, most] = [sentence, share]
  }
  const plain = best.trim()
  return plain.length > EXCERPT ? `${plain.slice(0, EXCERPT)}…` : plain
}
