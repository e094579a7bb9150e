import type { PersonRow } from '@changbai/contract/identity.ts'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { roleName, roleOptions } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, type Column, Contact, DataTable, DecisionDialog, PageTitle, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { ChangeContact } from './ChangeContact.tsx'
import { NewLink } from './EntryLinks.tsx'
import { identityText } from './identityText.ts'
import { OpenAccount } from './OpenAccount.tsx'
import { registrationText } from './registrationText.ts'

type Person = z.output<typeof PersonRow>
type Doing = { kind: 'open' } | { kind: 'contact' | 'disable' | 'enable' | 'reset' | 'link' | 'factor'; person: Person } | null

export function PeoplePage() {
  const t = useText(identityText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [doing, setDoing] = useState<Doing>(null)
  const [password, setPassword] = useState('')
  const r = useText(registrationText)
  const canAct = may('iam.account.lifecycle:X')
  const canTakeFactor = may('iam.secondFactor:X')
  const stateOf = (person: Person) =>
    !person.active ? (
      <Status state="none" quiet>
        {t('disabled')}
      </Status>
    ) : person.lockedUntil ? (
      <Status state="risk">{t('locked', { at: listTime(person.lockedUntil, lang) })}</Status>
    ) : (
      <Status state="running" quiet>
        {t('active')}
      </Status>
    )
  const actsOf = (person: Person) => (
    <>
      {canAct && (
        <button type="button" className="link" onClick={() => setDoing({ kind: person.active ? 'disable' : 'enable', person })}>
          {person.active ? t('disable') : t('enable')}
        </button>
      )}
      {canAct && (
        <button type="button" className="link" onClick={() => setDoing({ kind: person.hasPassword ? 'reset' : 'link', person })}>
          {person.hasPassword ? t('reset') : r('newLink')}
        </button>
      )}
      {may('iam.account.lifecycle:U') && (
        <button type="button" className="link" onClick={() => setDoing({ kind: 'contact', person })}>
          {t('contact')}
        </button>
      )}
      {person.active && may('iam.handover:X') && (
        <Link to="/settings/people/$id/hand-over" params={{ id: person.id }}>
          {t('handOver')}
        </Link>
      )}
      {canTakeFactor && person.secondFactor && (
        <button type="button" className="link" onClick={() => setDoing({ kind: 'factor', person })}>
          {t('takeFactor')}
        </button>
      )}
    </>
  )
  const columns: Column<Person>[] = [
    { key: 'signIn', title: t('signIn'), kind: 'id', cell: (person) => person.signIn },
    { key: 'name', title: t('name'), kind: 'name', cell: (person) => person.name },
    { key: 'unit', title: t('unit'), cell: (person) => person.unit ?? '—' },
    {
      key: 'roles',
      title: t('roles'),
      cell: (person) =>
        person.roles.map((held) => `${roleName(held.role, lang)}${held.tenantName ? ` (${held.tenantName})` : ''}`).join('、') || (
          <span className="ink3">{t('noRole')}</span>
        ),
    },
    { key: 'state', title: t('state'), cell: stateOf },
    { key: 'last', title: t('lastSignIn'), cell: (person) => (person.lastSignInAt ? listTime(person.lastSignInAt, lang) : t('never')) },
    {
      key: 'phone',
      title: t('phone'),
      extra: true,
      cell: (person) => <Contact value={person.phone} subject="person" id={person.id} field="phone" />,
    },
    { key: 'email', title: t('email'), extra: true, cell: (person) => person.email ?? '—' },
    { key: 'created', title: t('createdAt'), extra: true, cell: (person) => listTime(person.createdAt, lang) },
    ...(canAct || canTakeFactor
      ? [
          {
            key: 'act',
            title: t('act'),
            cell: (person: Person) => <span className="row wrap">{actsOf(person)}</span>,
          },
        ]
      : []),
  ]
  const named = doing && doing.kind !== 'open' ? doing.person : null
  return (
    <div className="page">
      <PageTitle
        title={t('people')}
        sentence={t('peopleSentence')}
        acts={
          may('iam.account.lifecycle:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setDoing({ kind: 'open' })}>
              {t('openAccount')}
            </Button>
          )
        }
      />
      <DataTable
        name="people"
        what={t('peopleNoun')}
        ask={(input) => ask('identity.people', input as never)}
        columns={columns}
        rowKey={(person) => person.id}
        searchHint={t('peopleSearch')}
        filters={[
          {
            key: 'active',
            label: t('state'),
            options: [
              ['true', t('active')],
              ['false', t('disabled')],
            ],
          },
          { key: 'role', label: t('role'), options: roleOptions(lang) },
        ]}
        firstUse={{ title: t('peopleFirst') }}
        phone={(person) => ({
          title: person.name,
          right: <span className="mono second">{person.signIn}</span>,
          below: person.roles.map((held) => roleName(held.role, lang)).join('、') || t('noRole'),
          belowRight: stateOf(person),
          acts: (canAct || canTakeFactor) && actsOf(person),
        })}
      />
      {doing?.kind === 'open' && <OpenAccount onClose={() => setDoing(null)} />}
      {named && doing?.kind === 'contact' && <ChangeContact person={named} onClose={() => setDoing(null)} />}
      {named && doing?.kind === 'disable' && (
        <DecisionDialog
          danger
          title={t('disableTitle', { name: named.name })}
          verb={t('disable')}
          reason={{ label: t('reason') }}
          act={(reason) => call('identity.disablePerson', { personId: named.id, reason }).then(() => act.run(async () => {}))}
          onClose={() => setDoing(null)}
        >
          <p>{t('disableNote')}</p>
        </DecisionDialog>
      )}
      {named && doing?.kind === 'enable' && (
        <DecisionDialog
          title={t('enableTitle', { name: named.name })}
          verb={t('enable')}
          reason={{ label: t('reason') }}
          act={(reason) => call('identity.enablePerson', { personId: named.id, reason }).then(() => act.run(async () => {}))}
          onClose={() => setDoing(null)}
        />
      )}
      {named && doing?.kind === 'link' && <NewLink person={named} onClose={() => setDoing(null)} />}
      {named && doing?.kind === 'factor' && (
        <DecisionDialog
          danger
          title={t('takeFactorTitle', { name: named.name })}
          verb={t('takeFactor')}
          reason={{ label: t('reason') }}
          act={(reason) => call('identity.resetSecondFactor', { personId: named.id, reason }).then(() => act.run(async () => {}))}
          onClose={() => setDoing(null)}
        >
          <p>{t('takeFactorNote')}</p>
        </DecisionDialog>
      )}
      {named && doing?.kind === 'reset' && (
        <DecisionDialog
          title={t('resetTitle', { name: named.name })}
          verb={t('reset')}
          act={() => call('identity.resetPassword', { personId: named.id, password }).then(() => setPassword(''))}
          onClose={() => setDoing(null)}
        >
          <p>{t('resetNote')}</p>
          <TextField label={t('newPassword')} type="password" autoComplete="new-password" value={password} onChange={setPassword} />
        </DecisionDialog>
      )}
    </div>
  )
}
