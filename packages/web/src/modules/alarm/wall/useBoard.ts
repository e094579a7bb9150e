import type { WallBoard } from '@changbai/contract/alarm.ts'
import { useEffect, useState } from 'react'

const KEY = 'changbai.wall-token'
const EVERY_MILLISECONDS = 2_000

export const keptToken = (): string => localStorage.getItem(KEY) ?? ''
export function keepToken(token: string): void {
  if (token === '') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, token)
}

export interface Seen {
  board: WallBoard | null
  /** When the last good answer came, ms. */
  at: number
  refused: boolean
}

/** Asks with the screen's own token: no person is signed in here, so the calls of people, with their session and its clock, are not used. */
export function useBoard(token: string): Seen {
  const [seen, setSeen] = useState<Seen>({ board: null, at: 0, refused: false })
  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      try {
        const answer = await fetch('/api/wall/board', {
          headers: { authorization: `Bearer ${token}` },
          signal: ended.signal,
          credentials: 'omit',
        })
        if (answer.ok) {
          const board = (await answer.json()) as WallBoard
          setSeen({ board, at: Date.now(), refused: false })
        } else if (answer.status === 401) setSeen({ board: null, at: 0, refused: true })
      } catch {
        // out of reach: the age of what is shown says so
      }
      if (!ended.signal.aborted) timer = setTimeout(() => void look(), EVERY_MILLISECONDS)
    }
    void look()
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [token])
  return seen
}

/** The time on the wall, ten times a second at most: clocks tick by the second. */
export function useSecond(): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now
}
