import './status.css'
import type { StatusPage } from '@changbai/contract/status.ts'
import { useEffect, useState } from 'react'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, PageTitle, Skeleton, TextField } from '../../shared/ui/index.ts'
import { StatusBoard, statusSentence } from './StatusBoard.tsx'
import { statusText } from './statusText.ts'

const KEY = 'changbai.status-token'
const EVERY_MILLISECONDS = 30_000

/** A token may come behind the # of the address: that part never leaves the browser. It is kept and taken off the address. */
function firstToken(): string {
  const given = /^#token=(cbt_[\w-]{1,200})$/.exec(window.location.hash)?.[1]
  if (given) {
    localStorage.setItem(KEY, given)
    window.history.replaceState(null, '', window.location.pathname)
  }
  return given ?? localStorage.getItem(KEY) ?? ''
}

/** The status page for those who do not sign in: one bureau's, by its token. */
export function OpenStatusPage() {
  const t = useText(statusText)
  const [token, setToken] = useState(firstToken)
  const [typed, setTyped] = useState('')
  const [refused, setRefused] = useState(false)
  const enter = (given: string): void => {
    if (given === '') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, given)
    setToken(given)
  }
  if (token !== '')
    return (
      <main className="status-open">
        <Shown
          token={token}
          refuse={() => {
            setRefused(true)
            enter('')
          }}
          leave={() => enter('')}
        />
      </main>
    )
  return (
    <main className="status-open">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          setRefused(false)
          enter(typed.trim())
        }}
      >
        <PageTitle title={t('title')} />
        {refused && <p role="alert">{t('refused')}</p>}
        <TextField label={t('token')} value={typed} onChange={setTyped} />
        <div>
          <Button kind="primary" type="submit" disabled={typed.trim() === ''}>
            {t('enter')}
          </Button>
        </div>
      </form>
    </main>
  )
}

/** Asks with the token alone: nobody is signed in here, so the calls of people, with their session and its clock, are not used. */
function Shown({ token, refuse, leave }: { token: string; refuse: () => void; leave: () => void }) {
  const t = useText(statusText)
  const lang = useLanguage()
  const [page, setPage] = useState<StatusPage | null>(null)
  const [isStale, setStale] = useState(false)
  useEffect(() => {
    const ended = new AbortController()
    const look = async (): Promise<void> => {
      try {
        const answer = await fetch('/api/status-page', {
          headers: { authorization: `Bearer ${token}` },
          signal: ended.signal,
          credentials: 'omit',
        })
        if (answer.status === 401) refuse()
        else if (answer.ok) {
          setPage((await answer.json()) as StatusPage)
          setStale(false)
        } else setStale(true)
      } catch {
        if (!ended.signal.aborted) setStale(true)
      }
    }
    void look()
    const timer = setInterval(() => void look(), EVERY_MILLISECONDS)
    return () => {
      ended.abort()
      clearInterval(timer)
    }
  }, [token, refuse])
  if (!page) return <Skeleton rows={8} />
  const at = listTime(page.at, lang)
  return (
    <>
      <PageTitle
        title={statusSentence(t, page)}
        sentence={isStale ? t('stale', { at }) : t('asOf', { at })}
        acts={<Button onClick={leave}>{t('leave')}</Button>}
      />
      <StatusBoard page={page} />
    </>
  )
}
