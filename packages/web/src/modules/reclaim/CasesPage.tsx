import type { ReclaimSubject, ReclaimSummary } from '@changbai/contract/reclaim.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  type Column,
  DataTable,
  DecisionDialog,
  type ListInput,
  PageTitle,
  SelectField,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Amounts, CaseState, ReclaimTabs } from './parts.tsx'
import { reclaimText } from './reclaimText.ts'

/** Every case the reader may see, the newest first. */
export function ReclaimCasesPage() {
  const say = useText(reclaimText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [offering, setOffering] = useState(false)
  const columns: Column<ReclaimSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'item', title: say('item'), kind: 'name', cell: (row) => row.itemName },
    { key: 'subject', title: say('subject'), cell: (row) => say(row.subject) },
    { key: 'status', title: say('status'), cell: (row) => <CaseState row={row} /> },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'application', title: say('application'), extra: true, cell: (row) => row.applicationName ?? '—' },
    { key: 'by', title: say('by'), cell: (row) => say(row.source) },
    { key: 'saving', title: say('saving'), cell: (row) => <Amounts amounts={row.saving} /> },
    { key: 'created', title: say('created'), cell: (row) => listTime(row.createdAt, lang) },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('reclaim')}
        acts={may('reclaim.initiate:C') && <Button onClick={() => setOffering(true)}>{say('offer')}</Button>}
      />
      <ReclaimTabs />
      <DataTable
        name="reclaim-cases"
        what={say('cases')}
        ask={(input: ListInput) => ask('reclaim.list', input as never)}
        about={['reclaim']}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/work/reclaim/${row.id}` as string })}
        filters={[
          {
            key: 'subject',
            label: say('subject'),
            options: (['SERVER', 'CLUSTER', 'VOLUME'] as const).map((one) => [one, say(one)] as const),
          },
        ]}
        views={[
          { key: 'open', label: say('open'), filters: { state: 'open' } },
          { key: 'cooling', label: say('cooling'), filters: { state: 'cooling' } },
          { key: 'closed', label: say('closed'), filters: { state: 'closed' } },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        searchHint={say('search')}
        firstUse={{ title: say('noCases'), help: say('noCasesHelp') }}
        phone={(row) => ({
          title: row.itemName,
          right: <CaseState row={row} />,
          below: `${row.number} · ${say(row.subject)}`,
          belowRight: listTime(row.createdAt, lang),
        })}
      />
      {offering && <OfferDialog onClose={() => setOffering(false)} />}
    </div>
  )
}

/** An owner gives something back without being asked. */
function OfferDialog({ onClose }: { onClose(): void }) {
  const say = useText(reclaimText)
  const act = useAct()
  const navigate = useNavigate()
  const [subject, setSubject] = useState<ReclaimSubject>('SERVER')
  const [q, setQ] = useState('')
  const [itemId, setItemId] = useState('')
  const servers = useQuery({ ...ask('inventory.listServers', { q, limit: 20 }), enabled: subject === 'SERVER' })
  const volumes = useQuery({ ...ask('inventory.listVolumes', { q, limit: 20 }), enabled: subject === 'VOLUME' })
  const found = (subject === 'SERVER' ? servers.data?.items : volumes.data?.items) ?? []
  const chosen = found.some((one) => one.id === itemId) ? itemId : (found[0]?.id ?? '')
  return (
    <DecisionDialog
      title={say('offer')}
      verb={say('start')}
      reason={{ label: say('why') }}
      ready={chosen !== ''}
      act={async (reason) => {
        const made = await act.runOrThrow(() => call('reclaim.start', { subject, itemId: chosen, source: 'OWNER', reason }))
        void navigate({ to: `/work/reclaim/${made.id}` as string })
      }}
      onClose={onClose}
    >
      <p className="second">{say('offerHelp')}</p>
      <SelectField
        label={say('pickKind')}
        value={subject}
        options={(['SERVER', 'VOLUME'] as const).map((one) => [one, say(one)] as const)}
        onChange={(next) => setSubject(next as ReclaimSubject)}
      />
      <TextField label={say('pickItem')} optional value={q} onChange={setQ} maxLength={60} />
      <SelectField label={say('found')} value={chosen} options={found.map((one) => [one.id, one.name] as const)} onChange={setItemId} />
    </DecisionDialog>
  )
}
