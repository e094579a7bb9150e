import type { Series } from './series.domain.ts'
import type { Column } from './store/column.domain.ts'

/** Samples of one write request that are durable, in the order they came. Position i says: series[i] had value.values[i] at at[i]. */
export interface Accepted {
  length: number
  series: readonly Series[]
  /** Milliseconds since 1970. */
  at: Float64Array
  value: Column
  /** When the request arrived, milliseconds since 1970. */
  receivedAt: number
}

type Listener = (accepted: Accepted) => void
const listeners = new Set<Listener>()

/**
 * Hears every batch once it is durable, in the process that took it in, outside any transaction and before the sender hears of it. A listener
 * returns at once and keeps what it needs; what it throws is logged and costs the sender nothing. Stale markers come along: see `isStale`.
 * @returns the way to stop listening
 */
export function onAccepted(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function tellAccepted(accepted: Accepted, failed: (error: unknown) => void): void {
  for (const listener of listeners) {
    try {
      listener(accepted)
    } catch (error) {
      failed(error)
    }
  }
}
