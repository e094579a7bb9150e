import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../shared/call.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import { Button, ButtonLink, EmptyState, ProblemAlert, TextField } from '../../../shared/ui/index.ts'
import { Entrance } from './Entrance.tsx'
import { registerText } from './registerText.ts'

/** Where a one-time link leads. The secret stands behind `#`: browsers keep it to themselves. */
export function WelcomePage() {
  const t = useText(registerText)
  const lang = useLanguage()
  const [token] = useState(() => location.hash.slice(1))
  const link = useQuery({
    queryKey: ['registration.lookLink', token],
    queryFn: () => call('registration.lookLink', { token }),
    enabled: token.length >= 20,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [signIn, setSignIn] = useState('')
  const toSignIn = (
    <ButtonLink kind="primary" to="/sign-in">
      {t('toSignIn')}
    </ButtonLink>
  )
  if (signIn)
    return (
      <Entrance>
        <EmptyState title={t('set2')} act={toSignIn}>
          {t('set2Help', { signIn })}
        </EmptyState>
      </Entrance>
    )
  if (token.length < 20 || link.isError)
    return (
      <Entrance>
        <EmptyState title={t('gone')} act={toSignIn}>
          {t('goneHelp')}
        </EmptyState>
      </Entrance>
    )
  if (!link.data)
    return (
      <Entrance>
        <div aria-busy="true" />
      </Entrance>
    )
  const submit = async () => {
    setTried(true)
    if (!password || password !== again) return
    setBusy(true)
    setError(null)
    try {
      setSignIn((await call('registration.useLink', { token, password })).signIn)
      history.replaceState(null, '', '/welcome')
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Entrance>
      <h1>{t('welcome')}</h1>
      <p className="ink2">{t('welcomeSentence', { name: link.data.name, signIn: link.data.signIn })}</p>
      <form
        className="entrance-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <input type="hidden" autoComplete="username" value={link.data.signIn} readOnly />
        <TextField
          label={t('password')}
          type="password"
          large
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          error={tried && !password ? t('needed', { field: t('password') }) : undefined}
        />
        <TextField
          label={t('again')}
          type="password"
          large
          autoComplete="new-password"
          value={again}
          onChange={setAgain}
          error={(tried || again.length >= password.length) && again !== '' && again !== password ? t('differs') : undefined}
        />
        <Button type="submit" kind="primary" size="large" block busy={busy}>
          {t('set')}
        </Button>
        <ProblemAlert error={error} />
        <p className="note">{t('welcomeUntil', { at: listTime(link.data.expiresAt, lang) })}</p>
      </form>
    </Entrance>
  )
}
