import type { RegistrationRow } from '@changbai/contract/registration.ts'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Contact,
  DecisionDialog,
  EmptyState,
  Evidence,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  StatusGlyph,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { registrationText } from './registrationText.ts'

const kilobytes = (bytes: number): string => (bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`)
/** A proposal of a user name, from the address the person wrote. */
const nameIn = (email: string): string =>
  (email.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '')
    .replace(/^[._-]+/, '')

function Known({ name }: { name: string }) {
  const t = useText(registrationText)
  return (
    <p className="risk">
      <StatusGlyph state="risk" /> {t('known', { name })}
    </p>
  )
}

function TakeOn({ row, onClose }: { row: RegistrationRow; onClose: () => void }) {
  const t = useText(registrationText)
  const refresh = useAct()
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const [values, setValues] = useState({
    code: '',
    shortName: row.name.replace(/^吉林省/, '省'),
    pmSignIn: nameIn(row.pm.email),
    tlSignIn: nameIn(row.tl.email),
  })
  const field = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (value: string) => setValues({ ...values, [name]: value }),
    error: problem?.errors.find((one) => one.path === name)?.message,
  })
  const send = async () => {
    try {
      await call('registration.takeOn', { registrationId: row.id, ...values })
    } catch (failure) {
      if (failure instanceof ProblemError) setProblem(failure)
      throw failure
    }
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog title={t('takeOnTitle', { name: row.name })} verb={t('takeOn')} act={send} onClose={onClose}>
      {row.known && <Known name={row.known} />}
      <div className="fields">
        <TextField label={t('code')} help={t('codeHelp')} {...field('code')} maxLength={40} />
        <TextField label={t('shortName')} {...field('shortName')} maxLength={40} />
        <TextField label={`${t('pmSignIn')}　${row.pm.name}`} help={t('signInHelp')} {...field('pmSignIn')} autoCapitalize="none" />
        <TextField label={`${t('tlSignIn')}　${row.tl.name}`} help={t('signInHelp')} {...field('tlSignIn')} autoCapitalize="none" />
      </div>
    </DecisionDialog>
  )
}

const Code = ({ text }: { text: string }) => <span className="mono">{text}</span>

const Reached = ({ row, party }: { row: RegistrationRow; party: 'pm' | 'tl' }) => (
  <>
    {row[party].name}
    <div className="second">
      <Contact value={row[party].phone} subject="registration" id={row.id} field={`${party}.phone`} />
    </div>
    <div className="second break">{row[party].email}</div>
  </>
)

function Letter({ letter }: { letter: RegistrationRow['letter'] }) {
  const act = useAct()
  return (
    <>
      <button type="button" className="link break" onClick={() => void act.run(() => download('file.download', { fileId: letter.fileId }))}>
        {letter.name}
      </button>
      <div className="note">
        {kilobytes(letter.sizeBytes)} · <Evidence digest={letter.digest} />
      </div>
      <ProblemAlert error={act.error} />
    </>
  )
}

function Registration({ row }: { row: RegistrationRow }) {
  const t = useText(registrationText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [doing, setDoing] = useState<'takeOn' | 'refuse' | null>(null)
  const isOpen = row.status === 'SUBMITTED'
  const state: State = isOpen ? 'todo' : row.status === 'REFUSED' ? 'none' : row.tenantStatus === 'PROPOSED' ? 'running' : 'kept'
  const word = row.status === 'TAKEN_ON' && row.tenantStatus !== 'PROPOSED' ? t('inForce') : t(row.status)
  const decidedBy = row.decidedBy ?? ''
  const facts: (readonly [string, ReactNode])[] = [
    [t('creditCode'), <Code key="code" text={row.creditCode} />],
    [t('pm'), <Reached key="pm" row={row} party="pm" />],
    [t('tl'), <Reached key="tl" row={row} party="tl" />],
    [t('letter'), <Letter key="letter" letter={row.letter} />],
    [t('submittedAt'), listTime(row.submittedAt, lang)],
  ]
  if (row.decidedAt) {
    const said = t('decided', { by: decidedBy, at: listTime(row.decidedAt, lang) })
    facts.push([word, row.reason ? `${said}　${row.reason}` : said])
  }
  return (
    <Sheet
      title={row.name}
      note={<span className="mono nowrap">{row.number}</span>}
      acts={
        <>
          <Status state={state}>{word}</Status>
          {isOpen && may('tenant.manage:C') && (
            <>
              <Button size="small" kind="primary" onClick={() => setDoing('takeOn')}>
                {t('takeOn')}
              </Button>
              <Button size="small" onClick={() => setDoing('refuse')}>
                {t('refuse')}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="stack">
        {isOpen && row.known && <Known name={row.known} />}
        <Facts items={facts} />
      </div>
      {doing === 'takeOn' && <TakeOn row={row} onClose={() => setDoing(null)} />}
      {doing === 'refuse' && (
        <DecisionDialog
          danger
          title={t('refuseTitle', { name: row.name })}
          verb={t('refuse')}
          reason={{ label: t('reason') }}
          act={(reason) => call('registration.refuse', { registrationId: row.id, reason }).then(() => act.run(async () => {}))}
          onClose={() => setDoing(null)}
        >
          <p>{t('refuseNote')}</p>
        </DecisionDialog>
      )}
    </Sheet>
  )
}

export function RegistrationsPage() {
  const t = useText(registrationText)
  const query = useQuery(ask('registration.registrations', {}))
  const items = query.data?.items ?? []
  const waiting = items.filter((row) => row.status === 'SUBMITTED')
  const [chosen, setChosen] = useState<'waiting' | 'all' | null>(null)
  const shown = chosen ?? (waiting.length > 0 ? 'waiting' : 'all')
  const rows = shown === 'waiting' ? waiting : items
  return (
    <div className="page">
      <PageTitle title={t('registrations')} sentence={t('sentence')} />
      {items.length > 0 && (
        <div className="views">
          {(
            [
              ['waiting', waiting.length],
              ['all', items.length],
            ] as const
          ).map(([key, count]) => (
            <button key={key} type="button" aria-pressed={shown === key} onClick={() => setChosen(key)}>
              {t(key)}
              <span>{count}</span>
            </button>
          ))}
        </div>
      )}
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Sheet flush>
              <EmptyState title={items.length === 0 ? t('none') : t('noWaiting')}>{items.length === 0 && t('noneHelp')}</EmptyState>
            </Sheet>
          ) : (
            <div className="stack">
              {rows.map((row) => (
                <Registration key={row.id} row={row} />
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  )
}
