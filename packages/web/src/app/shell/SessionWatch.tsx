import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call, lastHeardAt, onSignedOut } from '../../shared/call.ts'
import { useNow } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { span } from '../../shared/time.ts'
import { Button } from '../../shared/ui/Button.tsx'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { appText } from '../appText.ts'

const WARN_MILLISECONDS = 120_000

/** Warns two minutes before the session ends, and when it has ended keeps the page (and what was typed) until the person signs in again. */
export function SessionWatch({ idleSeconds }: { idleSeconds: number }) {
  const t = useText(appText)
  const lang = useLanguage()
  const client = useQueryClient()
  useNow('second')
  const [ended, setEnded] = useState(false)
  useEffect(() => onSignedOut(() => setEnded(true)), [])
  const left = lastHeardAt() + idleSeconds * 1000 - Date.now()
  const signIn = () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
  if (ended)
    return (
      <Dialog
        title={t('expired')}
        onClose={signIn}
        foot={
          <Button kind="primary" onClick={signIn}>
            {t('signIn')}
          </Button>
        }
      >
        <p>{t('expiredHelp')}</p>
      </Dialog>
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
