import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { roleName } from '../../shared/roles.ts'
import { useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ButtonLink, PageTitle, ProblemAlert, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { identityText } from './identityText.ts'
import { SecondFactor } from './SecondFactor.tsx'

function ChangePassword() {
  const t = useText(identityText)
  const act = useAct()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [done, setDone] = useState(false)
  const differs = again !== '' && next !== again
  const nextError =
    act.error instanceof ProblemError && ['identity.weak-password', 'identity.password-reused'].includes(act.error.kind)
      ? act.error.message
      : undefined
  return (
    <Sheet title={t('password')}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!current || !next || next !== again) return
          setDone(false)
          void act.run(async () => {
            await call('identity.changePassword', { current, next })
            setCurrent('')
            setNext('')
            setAgain('')
            setDone(true)
          })
        }}
      >
        <div className="fields">
          <TextField label={t('current')} type="password" autoComplete="current-password" value={current} onChange={setCurrent} />
          <TextField label={t('next')} type="password" autoComplete="new-password" value={next} onChange={setNext} error={nextError} />
          <TextField
            label={t('again')}
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={setAgain}
            error={differs ? t('differs') : undefined}
          />
        </div>
        {!nextError && <ProblemAlert error={act.error} />}
        <div className="row">
          <Button type="submit" kind="primary" busy={act.busy}>
            {t('change')}
          </Button>
          {done && (
            <span role="status">
              <Status state="kept">{t('changed')}</Status>
            </span>
          )}
        </div>
      </form>
    </Sheet>
  )
}

export function AccountPage() {
  const t = useText(identityText)
  const lang = useLanguage()
  const session = useSession()
  if (!session) return null
  return (
    <div className="page">
      <PageTitle
        title={`${session.person.name} · ${session.person.signIn}`}
        sentence={
          session.mustChangePassword ? (
            <Status state="risk">{t('mustChange')}</Status>
          ) : (
            t('accountSentence', { at: listTime(session.passwordExpiresAt, lang), minutes: Math.round(session.idleSeconds / 60) })
          )
        }
        acts={!session.mustChangePassword && <ButtonLink to="/settings/sign-ins">{t('signIns')}</ButtonLink>}
      />
      <div className="split">
        <div className="stack">
          <ChangePassword />
          {!session.mustChangePassword && <SecondFactor on={session.secondFactor} />}
        </div>
        <Sheet flush title={t('myRoles')} note={session.lastSignInAt && t('lastSignInAt', { at: listTime(session.lastSignInAt, lang) })}>
          <ul className="list">
            {session.grants.length === 0 && <li className="second">{t('noRoles')}</li>}
            {session.grants.map((grant) => (
              <li key={`${grant.role}${grant.tenantId}${grant.applicationId}${grant.onBehalfOf}`}>
                <b>{roleName(grant.role, lang)}</b>
                <div className="second">
                  {[
                    grant.tenantName ?? t('everywhere'),
                    grant.onBehalfOf && t('onBehalf', { name: grant.onBehalfOf }),
                    grant.until && t('until', { at: listTime(grant.until, lang) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </div>
              </li>
            ))}
          </ul>
        </Sheet>
      </div>
    </div>
  )
}
