import { useCallback, useState } from 'react'

const read = <T>(key: string): T | null => {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

/**
 * What a person has begun to write but not sent: survives a reload and a lost session in this window, not its closing, because offices share
 * computers. `drop` after it was sent.
 */
export function useKept<T>(name: string, initial: T): [value: T, set: (to: T | ((before: T) => T)) => void, drop: () => void] {
  const key = `changbai.kept.${name}`
  const [value, setValue] = useState<T>(() => read<T>(key) ?? initial)
  const set = useCallback(
    (to: T | ((before: T) => T)) =>
      setValue((before) => {
        const next = typeof to === 'function' ? (to as (before: T) => T)(before) : to
        try {
          sessionStorage.setItem(key, JSON.stringify(next))
        } catch {
          // a full or forbidden store costs the reload safety only
        }
        return next
      }),
    [key],
  )
  const drop = useCallback(() => sessionStorage.removeItem(key), [key])
  return [value, set, drop]
}
