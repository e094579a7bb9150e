import type { Answer } from '@changbai/contract/inspection.ts'
import { useEffect, useState } from 'react'

/** What was ticked on this device, kept until the server has it: a machine room has no network. */
export interface Draft {
  answers: Record<string, Answer>
  /** The round was finished without the network at this instant and waits to be sent. */
  doneAt: string | null
}
const keyOf = (roundId: string): string => `changbai.round.${roundId}`

export function readDraft(roundId: string): Draft | null {
  try {
    const text = localStorage.getItem(keyOf(roundId))
    return text ? (JSON.parse(text) as Draft) : null
  } catch {
    return null
  }
}
/** @returns whether this device could keep it */
export function keepDraft(roundId: string, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(roundId), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}
export function dropDraft(roundId: string): void {
  try {
    localStorage.removeItem(keyOf(roundId))
  } catch {
    // a device that keeps nothing has nothing to drop
  }
}

/** Is there a network? As the browser sees it. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const tell = () => setOnline(navigator.onLine)
    addEventListener('online', tell)
    addEventListener('offline', tell)
    return () => {
      removeEventListener('online', tell)
      removeEventListener('offline', tell)
    }
  }, [])
  return online
}
