import { useCallback, useEffect, useRef, useState } from 'react'
import { ProblemError } from '../problem.ts'

const IDLE_MILLISECONDS = 800
const RETRY_MILLISECONDS = 15_000

export type SaveState =
  | { kind: 'clean' }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  | { kind: 'kept' }
  | { kind: 'conflict'; problem: ProblemError }
  | { kind: 'failed'; problem: unknown }

/**
 * Saves a form 800 ms after the last change and on leaving. While the server is not reached the text stays on this device under `key` and is sent
 * when the server is back. A stale revision is not overwritten: `conflict` is shown, and the page asks which side holds.
 */
export function useAutosave<T>(
  key: string,
  value: T,
  save: (value: T) => Promise<void>,
  isDirty: boolean,
): { state: SaveState; saveNow: () => Promise<boolean>; forget: () => void } {
  const [state, setState] = useState<SaveState>({ kind: 'clean' })
  const latest = useRef(value)
  latest.current = value
  const saving = useRef<Promise<boolean> | null>(null)
  const dirty = useRef(isDirty)
  dirty.current = isDirty
  const store = `changbai.draft.${key}`

  const saveNow = useCallback(async (): Promise<boolean> => {
    if (saving.current) await saving.current
    if (!dirty.current) return true
    const sent = latest.current
    setState({ kind: 'saving' })
    saving.current = save(sent)
      .then(() => {
        localStorage.removeItem(store)
        setState({ kind: 'saved', at: Date.now() })
        return true
      })
      .catch((problem: unknown) => {
        localStorage.setItem(store, JSON.stringify({ at: Date.now(), value: latest.current }))
        if (problem instanceof ProblemError && problem.is('stale')) setState({ kind: 'conflict', problem })
        else if (problem instanceof ProblemError && (problem.status === 0 || problem.status === 401)) setState({ kind: 'kept' })
        else setState({ kind: 'failed', problem })
        return false
      })
      .finally(() => {
        saving.current = null
      })
    return saving.current
  }, [save, store])

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the value starts the pause anew
  useEffect(() => {
    if (!isDirty) return
    setState((before) => (before.kind === 'conflict' ? before : { kind: 'unsaved' }))
    const timer = setTimeout(() => void saveNow(), IDLE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [value, isDirty, saveNow])

  useEffect(() => {
    if (state.kind !== 'kept') return
    const again = () => void saveNow()
    const timer = setInterval(again, RETRY_MILLISECONDS)
    window.addEventListener('online', again)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', again)
    }
  }, [state.kind, saveNow])

  useEffect(() => {
    const leave = () => {
      if (!dirty.current) return
      localStorage.setItem(store, JSON.stringify({ at: Date.now(), value: latest.current }))
      void saveNow()
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [saveNow, store])

  return { state, saveNow, forget: () => localStorage.removeItem(store) }
}

/** What was kept on this device when the last save did not get through. */
export function keptDraft<T>(key: string): { at: number; value: T } | null {
  const kept = localStorage.getItem(`changbai.draft.${key}`)
  if (!kept) return null
  try {
    return JSON.parse(kept) as { at: number; value: T }
  } catch {
    return null
  }
}
