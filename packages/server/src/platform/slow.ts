/** Statements at or over this many milliseconds are kept for the administrators' page. */
export const SLOW_MS = 200
/** Different statements kept between two writings; more than that is a fault of another kind. */
const KINDS_MAX = 200

export interface SlowFigure {
  statement: string
  calls: number
  totalMs: number
  maxMs: number
}

/** Adds up slow statements until somebody takes the sums away; a process that ends loses half a minute of them, which nobody misses. */
export interface SlowTally {
  note(statement: string, ms: number): void
  take(): SlowFigure[]
}

export function createSlowTally(): SlowTally {
  let figures = new Map<string, SlowFigure>()
  return {
    note(statement, ms) {
      if (ms < SLOW_MS) return
      const figure = figures.get(statement)
      if (figure) {
        figure.calls += 1
        figure.totalMs += ms
        figure.maxMs = Math.max(figure.maxMs, ms)
      } else if (figures.size < KINDS_MAX) figures.set(statement, { statement, calls: 1, totalMs: ms, maxMs: ms })
    },
    take() {
      const taken = [...figures.values()]
      figures = new Map()
      return taken
    },
  }
}
