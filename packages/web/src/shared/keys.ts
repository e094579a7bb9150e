import { useEffect, useRef } from 'react'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
/** Single keys belong to a dialog while one is open. */
const isBehindDialog = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null

export type KeyActs = Record<string, ((event: KeyboardEvent) => void) | undefined>

/**
 * Page-wide keys: `j`, `Enter`, `?`, or `g h` for two in a row within a second. Not while typing, except those written with `Ctrl+`.
 */
export function useKeys(given: KeyActs): void {
  const now = useRef(given)
  now.current = given
  useEffect(() => {
    let first = ''
    let firstAt = 0
    const hear = (event: KeyboardEvent) => {
      const acts = now.current
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      const ctrl = event.ctrlKey || event.metaKey
      if (!ctrl && (isTyping(event.target) || isBehindDialog())) return
      const isOnControl =
        event.target instanceof HTMLElement && event.target.closest('button, a, summary, [role="option"], [role="menuitem"]')
      if (event.key === 'Enter' && !ctrl && isOnControl) return
      const name = ctrl ? `Ctrl+${event.key}` : event.key
      const pair = first && Date.now() - firstAt < 1000 ? `${first} ${name}` : ''
      const act = (pair && acts[pair]) || acts[name]
      first = Object.keys(acts).some((key) => key.startsWith(`${name} `)) ? name : ''
      firstAt = Date.now()
      if (!act) return
      event.preventDefault()
      act(event)
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}
