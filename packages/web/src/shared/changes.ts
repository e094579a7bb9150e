import { useEffect, useRef } from 'react'

/** What the server tells of others' commands: kinds of things that changed lately (`request`, `task` …), never which. */
type Hearer = (subjects: readonly string[]) => void
const hearers = new Set<Hearer>()

/** An empty list: something may have been missed, so everybody looks. */
export function tellChanged(subjects: readonly string[]): void {
  for (const hear of [...hearers]) hear(subjects)
}

/** Calls `look` when one of these kinds changed, at most every few seconds, and when the page is seen again after a change. */
export function useChanges(about: readonly string[], look: () => void): void {
  const lookRef = useRef(look)
  lookRef.current = look
  const wanted = about.join(' ')
  useEffect(() => {
    const kinds = new Set(wanted.split(' '))
    let lookedAt = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let missed = false
    const go = () => {
      timer = undefined
      if (document.hidden) {
        missed = true
        return
      }
      missed = false
      lookedAt = Date.now()
      lookRef.current()
    }
    const soon = () => {
      timer ??= setTimeout(go, Math.max(300, lookedAt + LOOK_APART - Date.now()))
    }
    const hear: Hearer = (subjects) => {
      if (subjects.length === 0 || subjects.some((one) => kinds.has(one))) soon()
    }
    const seen = () => {
      if (missed && !document.hidden) soon()
    }
    hearers.add(hear)
    document.addEventListener('visibilitychange', seen)
    // shares of limits grow without anybody doing anything
    const beat = setInterval(soon, BEAT)
    return () => {
      hearers.delete(hear)
      document.removeEventListener('visibilitychange', seen)
      clearInterval(beat)
      clearTimeout(timer)
    }
  }, [wanted])
}
const LOOK_APART = 5_000
const BEAT = 5 * 60_000
