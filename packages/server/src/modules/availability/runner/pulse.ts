import { systemClock } from '../../../platform/time.ts'

/** How this process itself fares: a probe that got no processor, or whose machine slept, cannot tell a late answer from none. */
export interface Pulse {
  begin(): Beginning
  /** Why what was seen since says nothing against its target; null when the process ran well. */
  troubleSince(beginning: Beginning): string | null
  stop(): void
}
interface Beginning {
  wallMs: number
  monotonicMs: number
}
export interface PulseClock {
  wallMs(): number
  monotonicMs(): number
  /** Calls again and again until what it returns is called. */
  every(milliseconds: number, tick: () => void): () => void
}

const TICK_MS = 100
/** A look may take 5 s: whoever was held up for one of them may have missed the answer. */
const LATE_MS = 1_000
/** Between two readings of both clocks; more is a machine that slept or a clock that was set, and an instant nobody should count by. */
const STEP_MS = 1_000

const ofTheMachine: PulseClock = {
  wallMs: () => systemClock().epochMilliseconds,
  monotonicMs: () => performance.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
}

export function startPulse(clock: PulseClock = ofTheMachine): Pulse {
  let last = clock.monotonicMs()
  let stall = { endedAt: Number.NEGATIVE_INFINITY, lateMs: 0 }
  const tick = (): void => {
    const now = clock.monotonicMs()
    const lateMs = now - last - TICK_MS
    if (lateMs >= LATE_MS) stall = { endedAt: now, lateMs }
    last = now
  }
  const stop = clock.every(TICK_MS, tick)
  return {
    begin: () => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }),
    troubleSince({ wallMs, monotonicMs }) {
      // the ticks that are late now run after whatever asks
      tick()
      if (stall.endedAt > monotonicMs) return `this probe was held up for ${Math.round(stall.lateMs)} ms`
      const step = clock.wallMs() - wallMs - (clock.monotonicMs() - monotonicMs)
      return Math.abs(step) >= STEP_MS ? `the clock of this probe went ${Math.round(step)} ms apart from its time` : null
    },
    stop,
  }
}
