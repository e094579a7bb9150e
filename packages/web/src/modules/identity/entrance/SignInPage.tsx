import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Eye, EyeOff } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { MaintenanceBand } from '../../../shared/MaintenanceBand.tsx'
import { ProblemError } from '../../../shared/problem.ts'
import { pick, setLanguage, useText } from '../../../shared/text.ts'
import { Button, ButtonLink, Field, ProblemAlert, StatusGlyph, TextField } from '../../../shared/ui/index.ts'
import { Entrance } from './Entrance.tsx'
import { entranceText } from './entranceText.ts'
import { registerText } from './registerText.ts'

/** Only addresses of our own pages: nobody is sent elsewhere after signing in. */
const safeNext = (next: unknown): string => (typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/')

/** What the way back from the identity provider may say; the address carries the kind alone. */
const arrivalWords: Record<string, { zh: string; en: string }> = {
  'single-sign-on.lost': {
    zh: '这次登录已过期或不是从本浏览器发起，请重新登录',
    en: 'This sign-in has expired or was not begun in this browser; start again',
  },
  'single-sign-on.refused': {
    zh: '统一身份认证没有放行，请重试或改用口令登录',
    en: 'The identity provider did not vouch for you; try again or use your password',
  },
  'single-sign-on.unknown-person': {
    zh: '统一身份认证已通过，但本平台没有与之对应的账号；请联系系统管理员',
    en: 'The identity provider knows you, this platform does not; ask the system administrator',
  },
  'single-sign-on.off': { zh: '尚未启用统一身份认证', en: 'Single sign-on is not in use' },
}

function CodeField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useText(entranceText)
  const id = useId()
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>{t('code')}</label>
      </div>
      <div className="code-boxes">
        {Array.from({ length: 6 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: six places
          <span key={i} className={value.length === i ? 'on' : ''} aria-hidden="true">
            {value[i] ?? ''}
          </span>
        ))}
        <input
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the server has just asked for it
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
      </div>
      <div className="field-help">{t('codeHelp')}</div>
    </div>
  )
}

export function SignInPage() {
  const t = useText(entranceText)
  const navigate = useNavigate()
  const client = useQueryClient()
  const r = useText(registerText)
  const { next, problem: arrival } = useSearch({ strict: false }) as { next?: unknown; problem?: unknown }
  const [signIn, setSignIn] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const [shown, setShown] = useState(false)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const sso = useQuery({ ...ask('singleSignOn.state', {}), retry: false, staleTime: 60_000 })
  const setUp = useQuery({ ...ask('identity.setUpState', {}), retry: false, staleTime: 60_000 })
  useEffect(() => {
    document.title = `${t('title')} · ${t('brand')}`
  }, [t])

  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    setTried(true)
    if (!signIn.trim() || !password || busy) return
    setBusy(true)
    setError(null)
    try {
      const session = await call('identity.signIn', { signIn, password, ...(code && { code }) })
      client.clear()
      client.setQueryData(['identity.session', {}], session)
      if (session.locale) setLanguage(session.locale)
      void navigate({ to: safeNext(next), replace: true })
    } catch (failure) {
      if (failure instanceof ProblemError && failure.is('identity.second-factor-needed')) setNeedsCode(true)
      else {
        setError(failure)
        setCode('')
      }
    } finally {
      setBusy(false)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sixth digit sends
  useEffect(() => {
    if (/^\d{6}$/.test(code)) void submit()
  }, [code])
  const leaveForProvider = async () => {
    setError(null)
    try {
      location.assign((await call('singleSignOn.start', { returnTo: safeNext(next) })).url)
    } catch (failure) {
      setError(failure)
    }
  }
  const problem = error instanceof ProblemError && [401, 423].includes(error.status) ? error : null

  return (
    <Entrance>
      <h1>{t('title')}</h1>
      <MaintenanceBand />
      {setUp.data?.open && (
        <div className="entrance-form">
          <p className="ink2">{t('toSetUpHelp')}</p>
          <ButtonLink kind="primary" size="large" block to="/set-up">
            {t('toSetUp')}
          </ButtonLink>
        </div>
      )}
      <form className="entrance-form" onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={t('account')}
          large
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={signIn}
          onChange={setSignIn}
          error={tried && !signIn.trim() ? t('needAccount') : undefined}
        />
        <Field label={t('password')} error={tried && !password ? t('needPassword') : undefined}>
          {(ids) => (
            <div className={`box large ${tried && !password ? 'bad' : ''}`}>
              <input
                {...ids}
                type={shown ? 'text' : 'password'}
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
              <button
                type="button"
                className="btn plain icon small"
                aria-label={shown ? t('hide') : t('show')}
                onClick={() => setShown(!shown)}
              >
                {shown ? <Eye size={18} strokeWidth={1.6} /> : <EyeOff size={18} strokeWidth={1.6} />}
              </button>
            </div>
          )}
        </Field>
        {needsCode && <CodeField value={code} onChange={setCode} />}
        <Button type="submit" kind="primary" size="large" block busy={busy}>
          {t('submit')}
        </Button>
        {!error && typeof arrival === 'string' && arrivalWords[arrival] && (
          <p className="risk" role="alert">
            <StatusGlyph state="risk" /> {pick(arrivalWords[arrival])}
          </p>
        )}
        {problem ? (
          <p className="risk" role="alert">
            <StatusGlyph state="risk" /> {problem.message}
          </p>
        ) : (
          <ProblemAlert error={error} />
        )}
      </form>
      {sso.data?.label && (
        <div className="entrance-form">
          <p className="note entrance-or">{r('or')}</p>
          <Button size="large" block onClick={() => void leaveForProvider()}>
            {r('sso', { label: sso.data.label })}
          </Button>
        </div>
      )}
      {setUp.data?.open === false && (
        <p className="entrance-register">
          <Link to="/register">{r('register')}</Link>
        </p>
      )}
      <p className="note entrance-foot">{t('notice')}</p>
    </Entrance>
  )
}
