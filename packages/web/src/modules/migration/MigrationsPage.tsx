import type { Direction, MigrationStatus, MigrationSummary } from '@changbai/contract/migration.ts'
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
  Segments,
  SelectField,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { migrationText } from './migrationText.ts'

export const STATES: Record<MigrationStatus, State> = {
  DRAFT: 'todo',
  SUBMITTED: 'running',
  UNDER_REVIEW: 'running',
  RETURNED: 'risk',
  PENDING_APPROVAL: 'running',
  APPROVED: 'planned',
  FULFILLING: 'running',
  DELIVERED: 'running',
  CLOSED: 'kept',
  REJECTED: 'breach',
  WITHDRAWN: 'none',
  CANCELLED: 'none',
  EXPIRED: 'none',
}
const DIRECTIONS = ['INBOUND', 'INTRA', 'OUTBOUND'] as const

export function MigrationsPage() {
  const say = useText(migrationText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const columns: Column<MigrationSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'application', title: say('application'), kind: 'name', cell: (row) => row.applicationName },
    { key: 'direction', title: say('direction'), cell: (row) => say(row.direction) },
    {
      key: 'status',
      title: say('status'),
      cell: (row) => <Status state={row.outcome === 'ROLLED_BACK' ? 'risk' : STATES[row.status]}>{say(row.outcome ?? row.status)}</Status>,
    },
    { key: 'window', title: say('window'), cell: (row) => (row.windowFrom ? listTime(row.windowFrom, lang) : '—') },
    { key: 'handler', title: say('handler'), cell: (row) => row.step?.assigneeName ?? row.step?.name ?? '—' },
    { key: 'applicant', title: say('applicant'), extra: true, cell: (row) => row.applicantName },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('migrations')}
        acts={
          may('migration.apply:C') && (
            <Button kind="primary" onClick={() => setStarting(true)}>
              {say('start')}
            </Button>
          )
        }
      />
      <DataTable
        name="migrations"
        what={say('migrations')}
        ask={(input: ListInput) => ask('migration.list', input as never)}
        about={['migration']}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/work/migrations/${row.id}` as string })}
        filters={[{ key: 'direction', label: say('direction'), options: DIRECTIONS.map((one) => [one, say(one)] as const) }]}
        views={[
          {
            key: 'open',
            label: say('open'),
            filters: { status: 'DRAFT,SUBMITTED,UNDER_REVIEW,RETURNED,PENDING_APPROVAL,APPROVED,FULFILLING,DELIVERED' },
          },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        searchHint={say('search')}
        firstUse={{ title: say('migrations'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.applicationName,
          right: <Status state={STATES[row.status]}>{say(row.status)}</Status>,
          below: `${row.number} · ${say(row.direction)}`,
          belowRight: row.windowFrom ? listTime(row.windowFrom, lang) : '',
        })}
      />
      {starting && <StartMigration onClose={() => setStarting(false)} />}
    </div>
  )
}

function StartMigration({ onClose }: { onClose: () => void }) {
  const say = useText(migrationText)
  const act = useAct()
  const navigate = useNavigate()
  const [direction, setDirection] = useState<Direction>('INBOUND')
  const [applicationId, setApplicationId] = useState('')
  const query = useQuery(ask('inventory.listApplications', { limit: 200 } as never))
  const items = (query.data?.items ?? []) as readonly { id: string; name: string }[]
  return (
    <DecisionDialog
      title={say('start')}
      verb={say('create')}
      ready={applicationId !== ''}
      act={async () => {
        const made = await act.runOrThrow(() => call('migration.start', { applicationId, direction }))
        void navigate({ to: `/work/migrations/${made.id}` as string })
      }}
      onClose={onClose}
    >
      <Segments
        label={say('direction')}
        value={direction}
        onChange={setDirection}
        options={DIRECTIONS.map((one) => [one, say(one)] as const)}
      />
      <SelectField
        label={say('application')}
        value={applicationId}
        options={items.map((one) => [one.id, one.name] as const)}
        onChange={setApplicationId}
      />
    </DecisionDialog>
  )
}
