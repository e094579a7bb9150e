import type { EntryLink } from '@changbai/contract/registration.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ButtonLink, DataTable, DecisionDialog, PageTitle, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { EntryLinks } from './EntryLinks.tsx'
import { InviteBureau } from './InviteBureau.tsx'
import { identityText } from './identityText.ts'
import { registrationText } from './registrationText.ts'

export function TenantsPage() {
  const t = useText(identityText)
  const lang = useLanguage()
  const may = useMay()
  const refresh = useAct()
  const [open, setOpen] = useState(false)
  const [inviting, setInviting] = useState(false)
  const [links, setLinks] = useState<EntryLink[] | null>(null)
  const r = useText(registrationText)
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [shortName, setShortName] = useState('')
  const stateOf = (status: 'PROPOSED' | 'ACTIVE' | 'CLOSED') => (
    <Status quiet state={status === 'ACTIVE' ? 'running' : status === 'CLOSED' ? 'none' : 'todo'}>
      {t(status)}
    </Status>
  )
  return (
    <div className="page">
      <PageTitle
        title={t('tenants')}
        sentence={t('tenantsSentence')}
        acts={
          may('tenant.manage:C') && (
            <>
              <ButtonLink to="/settings/registrations">{r('registrations')}</ButtonLink>
              <Button onClick={() => setOpen(true)}>{t('registerTenant')}</Button>
              <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setInviting(true)}>
                {r('invite')}
              </Button>
            </>
          )
        }
      />
      <DataTable
        name="tenants"
        paged={false}
        what={t('tenantsNoun')}
        ask={({ q }) => ask('identity.tenants', q ? { q: String(q) } : {})}
        columns={[
          { key: 'code', title: t('code'), kind: 'id', cell: (tenant) => tenant.code },
          { key: 'name', title: t('fullName'), kind: 'name', cell: (tenant) => tenant.name },
          { key: 'short', title: t('shortName'), cell: (tenant) => tenant.shortName },
          { key: 'status', title: t('status'), cell: (tenant) => stateOf(tenant.status) },
          { key: 'created', title: t('registeredAt'), cell: (tenant) => listTime(tenant.createdAt, lang) },
        ]}
        rowKey={(tenant) => tenant.id}
        searchHint={t('search')}
        firstUse={{ title: t('tenantsFirst'), help: t('tenantsSentence') }}
        phone={(tenant) => ({
          title: tenant.name,
          right: <span className="mono second">{tenant.code}</span>,
          below: tenant.shortName,
          belowRight: stateOf(tenant.status),
        })}
      />
      {inviting && <InviteBureau onDone={setLinks} onClose={() => setInviting(false)} />}
      {links && <EntryLinks links={links} title={r('linksTitle')} onClose={() => setLinks(null)} />}
      {open && (
        <DecisionDialog
          title={t('registerTenant')}
          verb={t('register')}
          act={async () => {
            await call('identity.createTenant', { code, name, shortName })
            await refresh.run(async () => {})
          }}
          onClose={() => setOpen(false)}
        >
          <TextField label={t('code')} value={code} onChange={setCode} maxLength={40} />
          <TextField label={t('fullName')} value={name} onChange={setName} maxLength={100} />
          <TextField label={t('shortName')} value={shortName} onChange={setShortName} maxLength={40} />
        </DecisionDialog>
      )}
    </div>
  )
}
