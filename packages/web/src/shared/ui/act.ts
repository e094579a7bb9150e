import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'

/**
 * Runs a command: `busy` while it runs, `error` when it was refused; afterwards every list and page on screen is fetched anew, because one command
 * changes counts, timelines and tasks at once.
 */
export function useAct(): { busy: boolean; error: unknown; run: <T>(act: () => Promise<T>) => Promise<T | undefined>; clear: () => void } {
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
  return { busy, error, run, clear: () => setError(null) }
}
