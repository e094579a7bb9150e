import type { GrantRow } from '@changbai/contract/identity.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { roleName, roleOptions } from '../../shared/roles.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DecisionDialog,
  PageTitle,
  PersonField,
  SelectField,
  type State,
  Status,
  TenantField,
  useAct,
} from '../../shared/ui/index.ts'
import { NewLink } from './EntryLinks.tsx'
import { identityText } from './identityText.ts'
import { registrationText } from './registrationText.ts'

type Grant = z.output<typeof GrantRow>
const states: Record<Grant['status'], State> = {
  PROPOSED: 'running',
  IN_FORCE: 'running',
  REJECTED: 'none',
  WITHDRAWN: 'none',
  LAPSED: 'none',
}
const verbs = ['APPROVE', 'REJECT', 'WITHDRAW'] as const
const words = { APPROVE: 'approve', REJECT: 'reject', WITHDRAW: 'withdraw' } as const
type Doing = { kind: 'propose' } | { kind: (typeof verbs)[number]; grant: Grant } | null

function ProposeGrant({ onClose }: { onClose: () => void }) {
  const t = useText(identityText)
  const lang = useLanguage()
  const refresh = useAct()
  const [personId, setPersonId] = useState('')
  const [role, setRole] = useState('')
  const [tenantId, setTenantId] = useState('')
  return (
    <DecisionDialog
      title={t('propose')}
      verb={t('proposeVerb')}
      reason={{ label: t('reason') }}
      act={async (reason) => {
        await call('identity.proposeGrant', { personId, role: role as Grant['role'], tenantId: tenantId || null, reason })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <PersonField label={t('person')} value={personId} onChange={setPersonId} />
      <SelectField label={t('role')} options={roleOptions(lang)} value={role} onChange={setRole} />
      <TenantField label={t('bureau')} optional help={t('bureauHelp')} value={tenantId} onChange={setTenantId} />
    </DecisionDialog>
  )
}

/** Approves all chosen ones that the reader may; each for itself, what is refused says why. */
function ApproveAll({ rows, clear }: { rows: Grant[]; clear: () => void }) {
  const t = useText(identityText)
  const act = useAct()
  const [refused, setRefused] = useState<string[]>([])
  const mine = rows.filter((grant) => grant.may.includes('APPROVE'))
  const approve = () =>
    act.run(async () => {
      const result = await call('setup.approveGrants', { grantIds: mine.map(({ id }) => id) })
      const nameOf = (id: string) => mine.find((grant) => grant.id === id)?.personName ?? ''
      setRefused(result.refused.map(({ grantId, message }) => `${nameOf(grantId)}: ${message}`))
      if (result.refused.length === 0) clear()
    })
  return (
    <span className="row wrap">
      <Button size="small" kind="primary" disabled={mine.length === 0} busy={act.busy} onClick={() => void approve()}>
        {t('approve')} {mine.length}
      </Button>
      {refused.map((one) => (
        <span key={one} className="note">
          {one}
        </span>
      ))}
    </span>
  )
}

/** Grants take effect only after the security administrator; the page offers each reader the verbs the server says they have. */
export function GrantsPage() {
  const t = useText(identityText)
  const lang = useLanguage()
  const may = useMay()
  const refresh = useAct()
  const [doing, setDoing] = useState<Doing>(null)
  const [linked, setLinked] = useState<{ id: string; name: string } | null>(null)
  const r = useText(registrationText)
  const verbsOf = (grant: Grant) => (
    <span className="row">
      {verbs
        .filter((verb) => grant.may.includes(verb))
        .map((verb) => (
          <button key={verb} type="button" className="link" onClick={() => setDoing({ kind: verb, grant })}>
            {t(words[verb])}
          </button>
        ))}
      {!grant.hasPassword && grant.tenantId && may('tenant.manage:C') && (grant.status === 'PROPOSED' || grant.status === 'IN_FORCE') && (
        <button type="button" className="link" onClick={() => setLinked({ id: grant.personId, name: grant.personName })}>
          {r('newLink')}
        </button>
      )}
    </span>
  )
  const columns: Column<Grant>[] = [
    { key: 'person', title: t('person'), kind: 'name', cell: (grant) => grant.personName },
    { key: 'role', title: t('role'), cell: (grant) => roleName(grant.role, lang) },
    { key: 'scope', title: t('scope'), cell: (grant) => grant.tenantName ?? t('everywhere') },
    { key: 'status', title: t('status'), cell: (grant) => <Status state={states[grant.status]}>{t(grant.status)}</Status> },
    { key: 'reason', title: t('reason'), cell: (grant) => grant.reason },
    {
      key: 'proposed',
      title: t('proposedBy'),
      cell: (grant) =>
        grant.proposedBy === '—' ? listTime(grant.proposedAt, lang) : `${grant.proposedBy} ${listTime(grant.proposedAt, lang)}`,
    },
    {
      key: 'decided',
      title: t('decidedBy'),
      cell: (grant) => (grant.decidedBy && grant.decidedAt ? `${grant.decidedBy} ${listTime(grant.decidedAt, lang)}` : '—'),
    },
    { key: 'act', title: t('act'), cell: verbsOf },
  ]
  const asked = doing && doing.kind !== 'propose' ? doing : null
  const naming: Record<string, string> = asked ? { person: asked.grant.personName, role: roleName(asked.grant.role, lang) } : {}
  const decide = async (reason: string) => {
    if (!asked) return
    const grantId = asked.grant.id
    if (asked.kind === 'APPROVE') await call('identity.approveGrant', { grantId })
    else if (asked.kind === 'REJECT') await call('identity.rejectGrant', { grantId, reason })
    else await call('identity.withdrawGrant', { grantId, reason })
    await refresh.run(async () => {})
  }
  return (
    <div className="page">
      <PageTitle
        title={t('grants')}
        sentence={t('grantsSentence')}
        acts={
          may('iam.grant:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setDoing({ kind: 'propose' })}>
              {t('propose')}
            </Button>
          )
        }
      />
      <DataTable
        name="grants"
        what={t('grantsNoun')}
        ask={(input) => ask('identity.grants', input as never)}
        columns={columns}
        rowKey={(grant) => grant.id}
        views={[
          { key: 'all', label: t('grants'), filters: {} },
          { key: 'waiting', label: t('waitingView'), filters: { status: 'PROPOSED' } },
          { key: 'force', label: t('inForceView'), filters: { status: 'IN_FORCE' } },
        ]}
        filters={[
          {
            key: 'status',
            label: t('status'),
            options: (Object.keys(states) as Grant['status'][]).map((status) => [status, t(status)] as const),
          },
          { key: 'role', label: t('role'), options: roleOptions(lang) },
        ]}
        {...(may('iam.grant:A') && {
          selection: (rows: Grant[], clear: () => void) => <ApproveAll rows={rows} clear={clear} />,
        })}
        firstUse={{ title: t('grantsFirst'), help: t('grantsSentence') }}
        phone={(grant) => ({
          title: `${grant.personName} · ${roleName(grant.role, lang)}`,
          below: <Status state={states[grant.status]}>{t(grant.status)}</Status>,
          belowRight: grant.tenantName ?? t('everywhere'),
          acts: (grant.may.length > 0 || !grant.hasPassword) && verbsOf(grant),
        })}
      />
      {linked && <NewLink person={linked} onClose={() => setLinked(null)} />}
      {doing?.kind === 'propose' && <ProposeGrant onClose={() => setDoing(null)} />}
      {asked && (
        <DecisionDialog
          danger={asked.kind === 'WITHDRAW'}
          title={t(`${words[asked.kind]}Title`, naming)}
          verb={t(words[asked.kind])}
          {...(asked.kind !== 'APPROVE' && { reason: { label: t('reason') } })}
          act={decide}
          onClose={() => setDoing(null)}
        >
          <p className="second">{asked.grant.reason}</p>
          {asked.kind === 'WITHDRAW' && <p>{t('withdrawNote')}</p>}
        </DecisionDialog>
      )}
    </div>
  )
}
