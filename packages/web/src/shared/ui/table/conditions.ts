import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { DataTableProps, ListInput } from './types.ts'

const read = <V>(key: string, otherwise: V): V => {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '') as V) ?? otherwise
  } catch {
    return otherwise
  }
}

/** A small habit of one person on this device, such as the row height. */
export function useHabit<V>(key: string, otherwise: V): [V, (next: V) => void] {
  const [value, setValue] = useState(() => read(`changbai.${key}`, otherwise))
  return [
    value,
    (next) => {
      localStorage.setItem(`changbai.${key}`, JSON.stringify(next))
      setValue(next)
    },
  ]
}

const TYPING_PAUSE = 300

export interface Conditions {
  /** As they stand in the address. */
  held: Record<string, string>
  sort: string | undefined
  /** What is asked of the server. */
  input: ListInput
  typed: string
  type: (text: string) => void
  change: (next: Record<string, string | undefined>) => void
  clear: () => void
  /** Takes the place of all conditions. */
  show: (wanted: Record<string, string>) => void
}

/** Conditions of the list live in the address, so that back, reload and a sent link keep them. `changed` is told before a change. */
export function useConditions<T>({ filters = [], views = [], defaultSort }: DataTableProps<T>, changed: () => void): Conditions {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const held = useMemo(() => Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)])), [search])
  const [typed, setTyped] = useState(held['q'] ?? '')
  const set = (next: Record<string, string | undefined>) => {
    changed()
    const kept = Object.fromEntries(Object.entries(next).filter((pair): pair is [string, string] => Boolean(pair[1])))
    void navigate({ to: '.', search: kept as never, replace: true })
  }
  const change = (next: Record<string, string | undefined>) => set({ ...held, ...next })
  const changeRef = useRef(change)
  changeRef.current = change

  const applied = held['q'] ?? ''
  const appliedBefore = useRef(applied)
  useEffect(() => {
    // the address changed by a view, a link or 后退: the box follows
    if (applied !== appliedBefore.current) {
      appliedBefore.current = applied
      setTyped(applied)
      return
    }
    if (typed.trim() === applied) return
    const timer = setTimeout(() => {
      appliedBefore.current = typed.trim()
      changeRef.current({ q: typed.trim() })
    }, TYPING_PAUSE)
    return () => clearTimeout(timer)
  }, [typed, applied])

  const sort = held['sort'] ?? defaultSort
  const keys = new Set([...filters.map(({ key }) => key), ...views.flatMap((view) => Object.keys(view.filters))])
  const input: ListInput = { q: held['q'], sort }
  for (const key of keys) if (held[key]) input[key] = held[key]
  return {
    held,
    sort,
    input,
    typed,
    type: setTyped,
    change,
    clear: () => {
      setTyped('')
      set({})
    },
    show: (wanted) => set(wanted),
  }
}

/** The same view stands in the address, whatever the order of its conditions. */
export const isShown = (held: Record<string, string>, wanted: Record<string, string>): boolean => {
  const plain = (one: Record<string, string>) =>
    JSON.stringify(
      Object.entries(one)
        .filter(([key, value]) => value && key !== 'columns')
        .sort(),
    )
  return plain(held) === plain(wanted)
}
