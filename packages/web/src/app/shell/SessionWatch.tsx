import type { Session } from '@changbai/contract/identity.ts'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { call, lastHeardAt, onSignedOut } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { span } from '../../shared/time.ts'
import { Button } from '../../shared/ui/Button.tsx'
import { appText } from '../appText.ts'

const SignInAgain = lazy(() => import('./SignInAgain.tsx').then((face) => ({ default: face.SignInAgain })))
const WARN_MILLISECONDS = 120_000

/** Warns two minutes before the session ends, and when it has ended keeps the page (and what was typed) until the person signs in again. */
export function SessionWatch({ session }: { session: Session }) {
  const t = useText(appText)
  const lang = useLanguage()
  const client = useQueryClient()
  useNow('second')
  const [ended, setEnded] = useState(false)
  useEffect(() => onSignedOut(() => setEnded(true)), [])
  const left = lastHeardAt() + session.idleSeconds * 1000 - Date.now()
  if (ended)
    return (
      <Suspense fallback={null}>
        <SignInAgain session={session} onReturn={() => setEnded(false)} />
      </Suspense>
    )
  if (left > WARN_MILLISECONDS || left < -5_000) return null
  return (
    <div className="expiry" role="alertdialog" aria-live="polite">
      <span className="grow">{t('expiry', { span: span(Math.max(0, left), lang) })}</span>
      <Button
        kind="primary"
        onClick={() =>
          void call('identity.session', {}).then(
            (session) => client.setQueryData(['identity.session', {}], session),
            () => {},
          )
        }
      >
        {t('stay')}
      </Button>
    </div>
  )
}
