/** Signs that say nothing about likeness: white space, punctuation, full-width or not. */
const SILENT = /[\s\p{P}\p{S}]+/u

/** The two-character pieces of a text, as `zh_grams` in the database cuts them, but never across punctuation. */
export function gramsOf(text: string): Set<string> {
  const grams = new Set<string>()
  for (const word of text.toLowerCase().split(SILENT)) {
    const signs = [...word]
    for (let index = 0; index + 1 < signs.length; index++) grams.add(`${signs[index]}${signs[index + 1]}`)
  }
  return grams
}

/**
 * How much of what was asked stands in a text: the share of its two-character pieces, 0..1, cut to two decimals. Nothing asked is like nothing.
 * Works for Chinese without a dictionary; word order does not matter.
 */
export function likenessOf(asked: string, text: string): number {
  const wanted = gramsOf(asked)
  if (wanted.size === 0) return 0
  const held = gramsOf(text)
  const found = [...wanted].filter((gram) => held.has(gram)).length
  return Math.floor((found / wanted.size) * 100) / 100
}
