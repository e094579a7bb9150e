/** One thing people do, from its first step to its last; it yields the minutes until its next step. A function is one step. */
export type Steps = AsyncGenerator<number, void, void>
export type Act = Steps | (() => Promise<void>)

interface Step {
  atMs: number
  order: number
  act: Act
}

const MINUTE_MS = 60_000

/** Who does what next, in order of time: several acts run side by side, and the clock jumps from step to step. */
export class Agenda {
  readonly #steps: Step[] = []
  #order = 0

  add(at: Temporal.Instant, act: Act): void {
    this.#insert({ atMs: at.epochMilliseconds, order: this.#order++, act })
  }

  /** Nothing is begun and unfinished. */
  get isQuiet(): boolean {
    return this.#steps.length === 0
  }

  /**
   * Takes every step before `until`, each at its time.
   * @param arrive told the time of each step before it is taken
   * @param onRefused told of a step the product refused, whose act then ends; without it the refusal is thrown
   */
  async runUntil(until: Temporal.Instant, arrive: (at: Temporal.Instant) => void, onRefused?: (error: unknown) => void): Promise<void> {
    for (;;) {
      const next = this.#steps[0]
      if (!next || next.atMs >= until.epochMilliseconds) return
      this.#steps.shift()
      arrive(Temporal.Instant.fromEpochMilliseconds(next.atMs))
      try {
        const { act } = next
        if (typeof act === 'function') await act()
        else {
          const { value, done } = await act.next()
          if (!done) this.#insert({ ...next, atMs: next.atMs + value * MINUTE_MS })
        }
      } catch (error) {
        if (!onRefused) throw error
        onRefused(error)
      }
    }
  }

  #insert(step: Step): void {
    const later = this.#steps.findIndex((one) => one.atMs > step.atMs || (one.atMs === step.atMs && one.order > step.order))
    this.#steps.splice(later < 0 ? this.#steps.length : later, 0, step)
  }
}
