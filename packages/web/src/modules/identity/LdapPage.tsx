import type { LdapAccount, LdapSync } from '@changbai/contract/ldap.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Received } from '../../shared/api.ts'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DecisionDialog,
  EmptyState,
  Facts,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { LdapPreview } from './LdapPreview.tsx'
import { ldapText } from './ldapText.ts'

type LdapView = Received<'ldap.state'>
const outcomes: Record<LdapSync['outcome'], State> = { DONE: 'kept', HELD: 'risk', FAILED: 'breach' }
const states: Record<LdapAccount['state'], State> = { PENDING: 'todo', LINKED: 'running', IGNORED: 'none' }

function Connection({ settings }: { settings: NonNullable<LdapView['settings']> }) {
  const t = useText(ldapText)
  return (
    <Sheet title={t('settings')}>
      <Facts
        items={[
          [
            t('url'),
            <span key="url">
              <span className="mono break">{settings.url}</span>{' '}
              <span className="note">{t(settings.encrypted ? 'encrypted' : 'plain')}</span>
            </span>,
          ],
          [
            t('base'),
            <span key="base" className="mono break">
              {settings.base}
            </span>,
          ],
          [
            t('filter'),
            <span key="filter" className="mono break">
              {settings.filter}
            </span>,
          ],
          [
            t('disabledFilter'),
            settings.disabledFilter ? (
              <span key="off" className="mono break">
                {settings.disabledFilter}
              </span>
            ) : (
              t('none')
            ),
          ],
          [
            t('attributes'),
            <span key="attributes" className="mono break">
              {Object.entries(settings.attributes)
                .map(([key, value]) => `${key}=${value}`)
                .join(', ')}
            </span>,
          ],
        ]}
      />
    </Sheet>
  )
}

function History({ syncs }: { syncs: readonly LdapSync[] }) {
  const t = useText(ldapText)
  const lang = useLanguage()
  const may = useMay()
  if (syncs.length === 0) return <Sheet title={t('history')}>{t('noHistory')}</Sheet>
  return (
    <Sheet title={t('history')} flush>
      <ul className="list">
        {syncs.map((sync) => (
          <li key={sync.id} className="row wrap apart">
            <div className="grow-line">
              <b>{listTime(sync.at, lang)}</b>{' '}
              <span className="note">{sync.cause === 'NIGHTLY' ? t('NIGHTLY') : t('ASKED', { by: sync.askedBy ?? '—' })}</span>
              <div className="second">{sync.outcome === 'FAILED' ? sync.problem : t('counts', { found: sync.found, ...sync.counts })}</div>
              {sync.leavers.map((one) => (
                <div key={one.personId} className="row wrap">
                  <span>
                    {one.name} <span className="mono second">{one.signIn}</span> {t(one.why)}
                    {!one.closed && ` · ${t('staysOpen')}`}
                  </span>
                  {may('iam.handover:X') && (
                    <Link className="link" to="/settings/people/$id/hand-over" params={{ id: one.personId }}>
                      {t('handOver')}
                    </Link>
                  )}
                </div>
              ))}
            </div>
            <Status state={outcomes[sync.outcome]}>{t(sync.outcome)}</Status>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

/** Opens accounts for those chosen; each for itself, what is refused says why. */
function TakeOnChosen({ rows, clear }: { rows: LdapAccount[]; clear: () => void }) {
  const t = useText(ldapText)
  const act = useAct()
  const [said, setSaid] = useState('')
  const open = rows.filter((row) => row.state === 'PENDING' && !row.person?.administrator)
  const takeOn = () =>
    act.run(async () => {
      const { created, linked, refused } = await call('ldap.takeOn', { entryIds: open.map((row) => row.entryId) })
      const why = [...new Set(refused.map((one) => one.message))].join('；')
      setSaid(`${t('taken', { created, linked })}${refused.length > 0 ? ` · ${t('refused', { count: refused.length, why })}` : ''}`)
      if (refused.length === 0) clear()
    })
  return (
    <span className="row wrap">
      <Button size="small" kind="primary" disabled={open.length === 0} busy={act.busy} onClick={() => void takeOn()}>
        {t('takeOnMany', { count: open.length })}
      </Button>
      <ProblemAlert error={act.error} />
      {said && <span className="note">{said}</span>}
    </span>
  )
}

function Accounts() {
  const t = useText(ldapText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [leaving, setLeaving] = useState<LdapAccount | null>(null)
  const mayAct = may('iam.account.lifecycle:X')
  const hereOf = ({ person, state }: LdapAccount) => {
    if (!person) return state === 'PENDING' ? <span className="ink3">{t('willCreate')}</span> : '—'
    if (person.administrator) return <Status state="risk">{t('administrator')}</Status>
    if (state === 'PENDING') return t('willLink', { name: person.name })
    return person.active ? person.name : t('closed', { name: person.name })
  }
  const thereOf = ({ presence }: LdapAccount) => (presence === 'PRESENT' ? t('PRESENT') : <Status state="risk">{t(presence)}</Status>)
  const actsOf = (row: LdapAccount) => (
    <span className="row wrap">
      {row.state === 'PENDING' && !row.person?.administrator && may('iam.account.lifecycle:C') && (
        <button type="button" className="link" onClick={() => void act.run(() => call('ldap.takeOn', { entryIds: [row.entryId] }))}>
          {t('takeOn')}
        </button>
      )}
      {row.state !== 'LINKED' && mayAct && (
        <button
          type="button"
          className="link"
          onClick={() => void act.run(() => call('ldap.ignore', { entryId: row.entryId, ignored: row.state === 'PENDING' }))}
        >
          {t(row.state === 'PENDING' ? 'ignore' : 'again')}
        </button>
      )}
      {row.state === 'LINKED' && mayAct && (
        <button type="button" className="link" onClick={() => setLeaving(row)}>
          {t('release')}
        </button>
      )}
    </span>
  )
  const columns: Column<LdapAccount>[] = [
    { key: 'signIn', title: t('signIn'), kind: 'id', cell: (row) => row.signIn },
    { key: 'name', title: t('name'), kind: 'name', cell: (row) => row.name },
    { key: 'unit', title: t('unit'), cell: (row) => row.unit ?? '—' },
    { key: 'here', title: t('here'), cell: hereOf },
    { key: 'there', title: t('there'), cell: thereOf },
    { key: 'seen', title: t('seen'), extra: true, cell: (row) => listTime(row.seenAt, lang) },
    { key: 'dn', title: t('dn'), extra: true, cell: (row) => <span className="mono break">{row.dn}</span> },
    ...(mayAct ? [{ key: 'act', title: t('act'), cell: actsOf }] : []),
  ]
  return (
    <>
      <ProblemAlert error={act.error} />
      <DataTable
        name="ldap-accounts"
        what={t('noun')}
        ask={(input) => ask('ldap.accounts', input as never)}
        columns={columns}
        rowKey={(row) => row.entryId}
        searchHint={t('search')}
        filters={[
          {
            key: 'state',
            label: t('state'),
            options: (Object.keys(states) as LdapAccount['state'][]).map((state) => [state, t(state)] as const),
          },
        ]}
        {...(may('iam.account.lifecycle:C') && {
          selection: (rows: LdapAccount[], clear: () => void) => <TakeOnChosen rows={rows} clear={clear} />,
        })}
        firstUse={{ title: t('first'), help: t('firstHelp') }}
        phone={(row) => ({
          title: row.name,
          right: <span className="mono second">{row.signIn}</span>,
          below: hereOf(row),
          belowRight: <Status state={states[row.state]}>{t(row.state)}</Status>,
          acts: mayAct && actsOf(row),
        })}
      />
      {leaving && (
        <DecisionDialog
          danger
          title={t('releaseTitle', { name: leaving.name })}
          verb={t('release')}
          act={() => call('ldap.release', { entryId: leaving.entryId }).then(() => act.run(async () => {}))}
          onClose={() => setLeaving(null)}
        >
          <p className="note">{t('releaseNote')}</p>
        </DecisionDialog>
      )}
    </>
  )
}

/** The directory of the house: how it is connected, what it would change, who waits for an account, who left. */
export function LdapPage() {
  const t = useText(ldapText)
  const may = useMay()
  const act = useAct()
  const query = useQuery(ask('ldap.state', {}))
  const [preview, setPreview] = useState<Received<'ldap.preview'> | null>(null)
  const [confirming, setConfirming] = useState(false)
  const isOn = query.data?.settings != null
  const last = query.data?.syncs[0]
  const synchronise = () =>
    act.run(async () => {
      const done = await call('ldap.sync', {})
      if (done.outcome === 'HELD') {
        setPreview(await call('ldap.preview', {}))
        setConfirming(true)
      } else setPreview(null)
    })
  return (
    <div className="page">
      <PageTitle
        title={t('title')}
        sentence={query.data && (!isOn ? t('off') : last?.outcome === 'FAILED' ? t('trouble') : t('sentence'))}
        acts={
          isOn && (
            <>
              {may('iam.account.lifecycle:C') && (
                <Button busy={act.busy} onClick={() => void act.run(async () => setPreview(await call('ldap.preview', {})))}>
                  {t('preview')}
                </Button>
              )}
              {may('iam.account.lifecycle:X') && (
                <Button kind="primary" busy={act.busy} onClick={() => void synchronise()}>
                  {t('sync')}
                </Button>
              )}
            </>
          )
        }
      />
      <div className="stack">
        <ProblemAlert error={act.error} />
        {preview && <LdapPreview preview={preview} />}
        <Loaded query={query}>
          {({ settings, syncs, linked, pending }) =>
            settings || linked + pending > 0 ? (
              <>
                {may('iam.account.lifecycle:R') && <Accounts />}
                <div className="split">
                  <History syncs={syncs} />
                  {settings && <Connection settings={settings} />}
                </div>
              </>
            ) : (
              <Sheet>
                <EmptyState title={t('off')}>{t('offHelp')}</EmptyState>
              </Sheet>
            )
          }
        </Loaded>
      </div>
      {confirming && (
        <DecisionDialog
          danger
          title={t('confirmTitle')}
          verb={t('confirmVerb')}
          act={() =>
            call('ldap.sync', { confirmLeavers: true }).then(() => {
              setPreview(null)
              return act.run(async () => {})
            })
          }
          onClose={() => setConfirming(false)}
        >
          <p className="note">{t('confirmNote')}</p>
        </DecisionDialog>
      )}
    </div>
  )
}
