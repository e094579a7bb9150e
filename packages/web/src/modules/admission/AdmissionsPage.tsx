import type { AdmissionSummary } from '@changbai/contract/admission.ts'
import { MatterKind } from '@changbai/contract/forms.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, type Column, DataTable, DecisionDialog, type ListInput, PageTitle, SelectField, TextField } from '../../shared/ui/index.ts'
import { HandlerCell, kindWord, LeftCell, MatterState, matterFilters, matterViews, requestText } from '../request/index.ts'

export function AdmissionsPage() {
  const say = useText(requestText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const columns: Column<AdmissionSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', sort: 'number', cell: (row) => row.number },
    { key: 'app', title: say('application'), kind: 'name', cell: (row) => row.appName },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName },
    { key: 'kind', title: say('kind'), cell: (row) => kindWord(row.kind) },
    { key: 'status', title: say('status'), cell: (row) => <MatterState status={row.status} /> },
    { key: 'admissionNo', title: say('admissionNo'), kind: 'id', cell: (row) => row.admissionNo ?? '—' },
    { key: 'handler', title: say('handler'), cell: (row) => <HandlerCell step={row.step} /> },
    { key: 'left', title: say('left'), cell: (row) => <LeftCell step={row.step} /> },
    { key: 'updated', title: say('updated'), sort: 'updatedAt', cell: (row) => listTime(row.updatedAt, lang) },
    { key: 'applicant', title: say('applicant'), extra: true, cell: (row) => row.applicantName },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('admissions')}
        sentence={say('sameSystem')}
        acts={
          may('admission.submit:C') && (
            <Button kind="primary" onClick={() => setStarting(true)}>
              {say('newAdmission')}
            </Button>
          )
        }
      />
      <DataTable
        name="admissions"
        what={say('admissions')}
        ask={(input: ListInput) => ask('admission.list', input as never)}
        about={['admission', 'task', 'instance', 'form']}
        onExport={(input, format) => download('admission.exportList', { ...input, format } as never)}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/work/admissions/${row.id}` as string })}
        filters={matterFilters(say, pick)}
        views={matterViews(say)}
        searchHint={say('search')}
        defaultSort="-updatedAt"
        firstUse={{ title: say('admissions'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.appName,
          right: <MatterState status={row.status} />,
          below: `${row.number} · ${row.tenantName}`,
          belowRight: <LeftCell step={row.step} />,
        })}
      />
      {starting && <StartAdmission onClose={() => setStarting(false)} />}
    </div>
  )
}

function StartAdmission({ onClose }: { onClose(): void }) {
  const say = useText(requestText)
  const navigate = useNavigate()
  const client = useQueryClient()
  const tenants = useQuery(ask('identity.tenants', {}))
  const [tenantId, setTenantId] = useState('')
  const [kind, setKind] = useState<MatterKind>('NEW')
  const [appName, setAppName] = useState('')
  const items = tenants.data?.items ?? []
  const chosen = tenantId || (items[0]?.id ?? '')
  return (
    <DecisionDialog
      title={say('newAdmission')}
      verb={say('create')}
      act={async () => {
        // a quick hand presses before the list of bureaus has come
        const all = tenants.data ?? (await client.fetchQuery(ask('identity.tenants', {})))
        const made = await call('admission.start', {
          tenantId: tenantId || (all?.items[0]?.id ?? ''),
          kind,
          ...(appName.trim() ? { appName: appName.trim() } : {}),
        })
        await navigate({ to: `/work/admissions/${made.id}` as string })
      }}
      onClose={onClose}
    >
      <div className="fields">
        <SelectField
          label={say('chooseTenant')}
          value={chosen}
          options={items.map((one) => [one.id, one.name] as const)}
          onChange={setTenantId}
        />
        <SelectField
          label={say('kind')}
          value={kind}
          options={MatterKind.options.map((code) => [code, kindWord(code)] as const)}
          onChange={(next) => setKind(next as MatterKind)}
        />
        <TextField full label={say('appName')} value={appName} maxLength={200} onChange={setAppName} />
      </div>
    </DecisionDialog>
  )
}
