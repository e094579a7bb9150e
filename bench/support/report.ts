/** One line of the result table. `passed` is null where the figure is for information. */
export interface Figure {
  what: string
  measured: string
  target: string
  passed: boolean | null
}

const MARK = '@figures '

/** Prints the figures for people, and once more for bench/run.mjs. */
export function report(figures: readonly Figure[]): void {
  for (const { what, measured, target, passed } of figures) {
    const verdict = passed === null ? '    ' : passed ? ' ok ' : 'MISS'
    console.log(`${verdict} ${what}: ${measured}${target ? `   (${target})` : ''}`)
  }
  console.log(MARK + JSON.stringify(figures))
}

export const round = (value: number, digits = 1): string => value.toFixed(digits)
