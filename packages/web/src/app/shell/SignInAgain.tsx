import type { Session } from '@changbai/contract/identity.ts'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call, tellSignedIn } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useText } from '../../shared/text.ts'
import { Button } from '../../shared/ui/Button.tsx'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { TextField } from '../../shared/ui/Field.tsx'
import { ProblemAlert } from '../../shared/ui/ProblemAlert.tsx'
import { appText } from '../appText.ts'

/** The session ended in the middle of something: signing in here leaves the page, and what was typed, as it is. Another person starts anew. */
export function SignInAgain({ session, onReturn }: { session: Session; onReturn: () => void }) {
  const t = useText(appText)
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const leave = () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!password || busy) return
    setBusy(true)
    setError(null)
    try {
      const again = await call('identity.signIn', { signIn: session.person.signIn, password, ...(code && { code }) })
      client.setQueryData(['identity.session', {}], again)
      onReturn()
      tellSignedIn()
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'form.get' })
    } catch (failure) {
      if (failure instanceof ProblemError && failure.is('identity.second-factor-needed')) setNeedsCode(true)
      else setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('expired')} onClose={() => {}}>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <p>{t('expiredHere', { name: session.person.name })}</p>
        <input type="text" hidden autoComplete="username" value={session.person.signIn} readOnly />
        <TextField
          label={t('passwordAgain')}
          type="password"
          autoComplete="current-password"
          autoFocus
          full
          value={password}
          onChange={setPassword}
        />
        {needsCode && (
          <TextField
            label={t('oneTimeCode')}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            full
            value={code}
            onChange={setCode}
          />
        )}
        <ProblemAlert error={error} />
        <div className="row apart">
          <button type="button" className="link" onClick={leave}>
            {t('otherPerson')}
          </button>
          <Button type="submit" kind="primary" busy={busy}>
            {t('signIn')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
