import type { DraftContent, FormState, FormView } from '@changbai/contract/forms.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, onSignedIn } from '../../shared/call.ts'
import { isPassing, ProblemError } from '../../shared/problem.ts'

/** A field somebody else changed after we opened the form: both values, to choose from. */
export interface Conflict {
  path: string
  theirs: unknown
  by: string
}

export type SaveState = 'saved' | 'dirty' | 'saving' | 'kept' | 'away' | 'refused'

export interface FormDraft {
  view: FormView
  content: DraftContent
  state: FormState
  save: SaveState
  savedAt: string
  refusal: string | null
  conflicts: readonly Conflict[]
  /** Sets the value at a path of the content, e.g. `devices.2.vcpu`; undefined clears it. */
  set(path: string, value: unknown): void
  /** Sets several fields at once and sends them. */
  fill(values: DraftContent): Promise<number>
  /** Per field: mine stays or theirs is taken; what stays is sent again. */
  settle(mine: ReadonlySet<string>): void
  /** Sends what is not sent yet; resolves when the server has it, with the revision it has now. */
  flush(): Promise<number>
  /** After an upload or a removal the server has computed a new state. */
  learn(state: FormState): void
}

const IDLE_MILLISECONDS = 800
const RETRY_MILLISECONDS = 10_000
const keptKey = (formId: string): string => `changbai.form.${formId}`

/** A copy of `value` with `to` at the path; rows and groups on the way are made where they are missing. */
export function withValue(value: unknown, path: readonly string[], to: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(key))) {
    const rows = Array.isArray(value) ? [...value] : []
    rows[Number(key)] = withValue(rows[Number(key)], rest, to)
    return rows
  }
  const group = { ...((value as Record<string, unknown> | null) ?? {}) }
  const inner = withValue(group[key], rest, to)
  if (inner === undefined) delete group[key]
  else group[key] = inner
  return group
}

function readKept(formId: string): DraftContent {
  try {
    return JSON.parse(localStorage.getItem(keptKey(formId)) ?? '{}') as DraftContent
  } catch {
    return {}
  }
}
const keep = (formId: string, dirty: DraftContent): void => {
  if (Object.keys(dirty).length === 0) localStorage.removeItem(keptKey(formId))
  else localStorage.setItem(keptKey(formId), JSON.stringify(dirty))
}

/**
 * A form that saves itself: 800 ms after the last key, on leaving, and again when the network is back. What the server has not yet
 * confirmed is also kept on this device, so a closed window or an ended session loses nothing.
 */
export function useFormDraft(view: FormView): FormDraft {
  const [content, setContent] = useState<DraftContent>(() => ({ ...view.content, ...readKept(view.id) }))
  const [state, setState] = useState<FormState>(view)
  const [save, setSave] = useState<SaveState>('saved')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([])
  const dirty = useRef<DraftContent>(readKept(view.id))
  const rev = useRef(view.rev)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const sending = useRef<Promise<number> | null>(null)

  const learn = useCallback((next: FormState) => {
    rev.current = next.rev
    setState(next)
  }, [])

  const send = useCallback(async (): Promise<number> => {
    const set = dirty.current
    if (Object.keys(set).length === 0) return rev.current
    dirty.current = {}
    setSave('saving')
    const spelled = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value === undefined ? null : value]))
    try {
      const reply = await call('form.save', { formId: view.id, rev: rev.current, set: spelled })
      const { merged, ...next } = reply
      learn(next)
      const untouched = Object.fromEntries(Object.entries(merged).filter(([name]) => !(name in dirty.current)))
      if (Object.keys(untouched).length > 0) setContent((now) => ({ ...now, ...untouched }))
      setRefusal(null)
      setSave(Object.keys(dirty.current).length === 0 ? 'saved' : 'dirty')
      keep(view.id, dirty.current)
      return rev.current
    } catch (error) {
      dirty.current = { ...set, ...dirty.current }
      keep(view.id, dirty.current)
      if (error instanceof ProblemError && error.is('form.stale')) {
        const fields = (error.body.fields ?? []) as Conflict[]
        setConflicts(fields)
        setRefusal(error.message)
        for (const { path } of fields) delete dirty.current[path.split('.')[0] as string]
        if (typeof error.body.rev === 'number') rev.current = error.body.rev
        setSave('refused')
      } else if (error instanceof ProblemError && error.status === 401) {
        // signing in again, in place, sends it
        setSave('away')
      } else if (isPassing(error)) {
        setSave('kept')
        timer.current = setTimeout(() => void flushRef.current().catch(() => {}), RETRY_MILLISECONDS)
      } else {
        setSave('refused')
        setRefusal(error instanceof Error ? error.message : String(error))
      }
      throw error
    }
  }, [learn, view.id])

  const flush = useCallback(async (): Promise<number> => {
    clearTimeout(timer.current)
    if (sending.current) await sending.current.catch(() => {})
    sending.current = send()
    try {
      return await sending.current
    } finally {
      sending.current = null
    }
  }, [send])
  const flushRef = useRef(flush)
  flushRef.current = flush

  const set = useCallback(
    (path: string, value: unknown) => {
      const [field, ...rest] = path.split('.') as [string, ...string[]]
      setContent((now) => {
        const next = withValue(now[field], rest, value)
        dirty.current = { ...dirty.current, [field]: next }
        keep(view.id, dirty.current)
        return { ...now, [field]: next }
      })
      setSave('dirty')
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flushRef.current().catch(() => {}), IDLE_MILLISECONDS)
    },
    [view.id],
  )

  const fill = useCallback(
    (values: DraftContent): Promise<number> => {
      setContent((now) => ({ ...now, ...values }))
      dirty.current = { ...dirty.current, ...values }
      keep(view.id, dirty.current)
      setSave('dirty')
      return flushRef.current()
    },
    [view.id],
  )

  const settle = useCallback(
    (mine: ReadonlySet<string>) => {
      setConflicts([])
      const theirs: DraftContent = {}
      const kept: DraftContent = {}
      for (const { path, theirs: value } of conflicts) {
        const field = path.split('.')[0] as string
        if (mine.has(path)) kept[field] = content[field]
        else theirs[field] = value
      }
      setContent((now) => ({ ...now, ...theirs }))
      dirty.current = { ...dirty.current, ...kept }
      keep(view.id, dirty.current)
      setSave('saving')
      void flushRef.current().then(
        () => setSave('saved'),
        () => {},
      )
    },
    [conflicts, content, view.id],
  )

  useEffect(() => {
    const again = (): void => void flushRef.current().catch(() => {})
    const leaving = (): void => {
      if (document.visibilityState === 'hidden') again()
    }
    // what an earlier window kept on this device goes to the server first
    if (Object.keys(dirty.current).length > 0) again()
    addEventListener('online', again)
    const stopHearing = onSignedIn(again)
    document.addEventListener('visibilitychange', leaving)
    return () => {
      removeEventListener('online', again)
      stopHearing()
      document.removeEventListener('visibilitychange', leaving)
      again()
    }
  }, [])

  return { view, content, state, save, savedAt: state.savedAt, refusal, conflicts, set, fill, settle, flush, learn }
}
