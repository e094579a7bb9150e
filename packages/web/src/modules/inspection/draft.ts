import type { Answer, Round } from '@changbai/contract/inspection.ts'
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
/** The round itself, so that a phone that died without a network goes on where it was. */
export function keepRound(round: Round): void {
  try {
    localStorage.setItem(`${keyOf(round.id)}.round`, JSON.stringify(round))
  } catch {
    // it is fetched again
  }
}
export function readRound(roundId: string): Round | null {
  try {
    const text = localStorage.getItem(`${keyOf(roundId)}.round`)
    return text ? (JSON.parse(text) as Round) : null
  } catch {
    return null
  }
}
/** What the server has, and over it what this device has: whoever answered an item here meant it. */
export const mergeDraft = (kept: Draft | null, answers: readonly Answer[]): Draft => ({
  answers: { ...Object.fromEntries(answers.map((one) => [one.code, plain(one)])), ...kept?.answers },
  doneAt: kept?.doneAt ?? null,
})
/** Photos the server has taken in, put to their items; each once. */
export function withPhotos(draft: Draft, photos: readonly { code: string; fileId: string | null }[]): Draft {
  const answers = { ...draft.answers }
  for (const { code, fileId } of photos) {
    const answer = answers[code]
    if (fileId && answer && !answer.photoIds.includes(fileId)) answers[code] = { ...answer, photoIds: [...answer.photoIds, fileId] }
  }
  return { ...draft, answers }
}
const plain = ({ code, result, value, note, follow, photoIds }: Answer): Answer => ({ code, result, value, note, follow, photoIds })

export function dropDraft(roundId: string): void {
  try {
    localStorage.removeItem(keyOf(roundId))
    localStorage.removeItem(`${keyOf(roundId)}.round`)
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
