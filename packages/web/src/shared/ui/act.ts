import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'

/**
 * Runs a command: `busy` while it runs, `error` when it was refused; afterwards every list and page on screen is fetched anew, because one command
 * changes counts, timelines and tasks at once.
 */
export interface Act {
  busy: boolean
  error: unknown
  run: <T>(act: () => Promise<T>) => Promise<T | undefined>
  /** For dialogs, which stay open and show the refusal themselves. */
  runOrThrow: <T>(act: () => Promise<T>) => Promise<T>
  clear: () => void
}
export function useAct(): Act {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = useCallback(
    async <T>(act: () => Promise<T>): Promise<T | undefined> => {
      setBusy(true)
      setError(null)
      try {
        const result = await act()
        await client.invalidateQueries()
        return result
      } catch (failure) {
        setError(failure)
        return undefined
      } finally {
        setBusy(false)
      }
    },
    [client],
  )
  const runOrThrow = useCallback(
    async <T>(act: () => Promise<T>): Promise<T> => {
      const result = await act()
      await client.invalidateQueries()
      return result
    },
    [client],
  )
  return { busy, error, run, runOrThrow, clear: () => setError(null) }
}
