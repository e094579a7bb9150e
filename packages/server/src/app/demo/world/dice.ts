/** Chance that comes out the same for the same seed, on every machine. */
export interface Dice {
  /** A whole number, both ends included. */
  number(from: number, to: number): number
  pick<T>(from: readonly T[]): T
  /** True in `share` of the throws. */
  chance(share: number): boolean
}

/** mulberry32: 32 bits of state are plenty for a demonstration. */
export function throwDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const number = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    number,
    pick: <T>(from: readonly T[]): T => {
      const chosen = from[number(0, from.length - 1)]
      if (chosen === undefined) throw new RangeError('nothing to pick from')
      return chosen
    },
    chance: (share) => next() < share,
  }
}
