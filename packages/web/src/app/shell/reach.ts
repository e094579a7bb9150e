import { useSyncExternalStore } from 'react'
import { ProblemError } from '../../shared/problem.ts'

/** Whether the server is reached, learnt from the calls themselves: a browser's own "online" says nothing about our server. */
let reached = true
const hearers = new Set<() => void>()
const tell = (next: boolean): void => {
  if (next === reached) return
  reached = next
  for (const hear of hearers) hear()
}

export const noteFailure = (error: unknown): void => {
  if (error instanceof ProblemError && error.status === 0) tell(false)
  else if (error instanceof ProblemError) tell(true)
}
export const noteSuccess = (): void => tell(true)

export const useReached = (): boolean =>
  useSyncExternalStore(
    (hear) => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    () => reached,
  )
