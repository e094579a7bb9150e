import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../../shared/call.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { useText } from '../../../shared/text.ts'
import { Button, ButtonLink, EmptyState, FormSection, ProblemAlert, TextField } from '../../../shared/ui/index.ts'
import { Entrance } from './Entrance.tsx'
import { entranceText } from './entranceText.ts'

const posts = ['systemAdmin', 'securityAdmin', 'auditAdmin', 'iaasAdmin'] as const
interface Person {
  name: string
  signIn: string
  password: string
  phone: string
  email: string
}
const nobody: Person = { name: '', signIn: '', password: '', phone: '', email: '' }
const needed = ['name', 'signIn', 'password'] as const

const personSent = ({ name, signIn, password, phone, email }: Person) => ({
  name,
  signIn,
  password,
  ...(phone && { phone }),
  ...(email && { email }),
})

/** The printed address carries the token behind `#`; it is taken out of the address at once, so that no history keeps it. */
function tokenInAddress(): string {
  const token = decodeURIComponent(location.hash.slice(1))
  if (token) history.replaceState(null, '', location.pathname)
  return token
}

/** Ruling 7: four different persons in one go, then closed for good. */
export function SetUpPage() {
  const t = useText(entranceText)
  const state = useQuery({ ...ask('identity.setUpState', {}), retry: false })
  const [token, setToken] = useState(tokenInAddress)
  const [people, setPeople] = useState<Record<(typeof posts)[number], Person>>({
    systemAdmin: nobody,
    securityAdmin: nobody,
    auditAdmin: nobody,
    iaasAdmin: nobody,
  })
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const gaps = (token.trim() ? 0 : 1) + posts.reduce((sum, post) => sum + needed.filter((field) => !people[post][field].trim()).length, 0)
  const fieldError = (path: string): string | undefined =>
    error instanceof ProblemError ? error.errors.find((one) => one.path === path)?.message : undefined

  const submit = async () => {
    setTried(true)
    if (gaps > 0) {
      document.querySelector<HTMLElement>('input:placeholder-shown[required]')?.focus()
      return
    }
    setBusy(true)
    setError(null)
    try {
      await call('identity.setUp', {
        token: token.trim(),
        systemAdmin: personSent(people.systemAdmin),
        securityAdmin: personSent(people.securityAdmin),
        auditAdmin: personSent(people.auditAdmin),
        iaasAdmin: personSent(people.iaasAdmin),
      })
      setDone(true)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  if (done || state.data?.open === false)
    return (
      <Entrance>
        <EmptyState
          title={done ? t('done') : t('closed')}
          act={
            <ButtonLink kind="primary" to="/sign-in">
              {t('toSignIn')}
            </ButtonLink>
          }
        >
          {done && t('doneHelp')}
        </EmptyState>
      </Entrance>
    )
  return (
    <Entrance wide>
      <h1>{t('setUpTitle')}</h1>
      <p className="ink2">{t('setUpSentence')}</p>
      <form
        className="entrance-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextField
          label={t('token')}
          help={t('tokenHelp')}
          required
          placeholder=" "
          autoComplete="off"
          value={token}
          onChange={setToken}
          error={tried && !token.trim() ? t('tokenHelp') : undefined}
        />
        {posts.map((post) => {
          const person = people[post]
          const change = (field: keyof Person) => (value: string) => setPeople({ ...people, [post]: { ...person, [field]: value } })
          const gap = (field: (typeof needed)[number]) =>
            fieldError(`${post}.${field}`) ?? (tried && !person[field].trim() ? t(field) : undefined)
          return (
            <FormSection key={post} title={t(post)} note={t(`${post}Note`)}>
              <TextField
                label={t('name')}
                required
                placeholder=" "
                autoComplete="off"
                value={person.name}
                onChange={change('name')}
                error={gap('name')}
              />
              <TextField
                label={t('signIn')}
                help={t('signInHelp')}
                required
                placeholder=" "
                autoComplete="off"
                autoCapitalize="none"
                value={person.signIn}
                onChange={change('signIn')}
                error={gap('signIn')}
              />
              <TextField
                label={t('password')}
                type="password"
                required
                placeholder=" "
                autoComplete="new-password"
                value={person.password}
                onChange={change('password')}
                error={gap('password')}
              />
              <TextField
                label={t('phone')}
                optional
                autoComplete="off"
                value={person.phone}
                onChange={change('phone')}
                error={fieldError(`${post}.phone`)}
              />
              <TextField
                label={t('email')}
                optional
                autoComplete="off"
                value={person.email}
                onChange={change('email')}
                error={fieldError(`${post}.email`)}
              />
            </FormSection>
          )
        })}
        <ProblemAlert error={error} />
        <div className="row">
          <Button type="submit" kind="primary" size="large" busy={busy}>
            {t('finish')}
          </Button>
          {tried && gaps > 0 && <span className="breach">{t('missing', { count: gaps })}</span>}
        </div>
      </form>
    </Entrance>
  )
}
