import { type IncidentSummary, severities } from '@changbai/contract/incident.shapes.ts'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { ButtonLink, type Column, DataTable, type ListInput, PageTitle, Status } from '../../shared/ui/index.ts'
import { NextClock, SeverityMark } from './Clocks.tsx'
import { incidentText } from './incidentText.ts'

export const stateOf = (incident: Pick<IncidentSummary, 'status' | 'clocks'>) =>
  incident.status === 'CLOSED' ? ('none' as const) : incident.status === 'NEW' ? ('planned' as const) : ('running' as const)

export function IncidentsPage() {
  const say = useText(incidentText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const columns: Column<IncidentSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'severity', title: say('severity'), cell: (row) => <SeverityMark level={row.topSeverity} /> },
    { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title },
    { key: 'status', title: say('status'), cell: (row) => <Status state={stateOf(row)}>{say(row.status)}</Status> },
    { key: 'clock', title: say('clocks'), cell: (row) => <NextClock clocks={row.clocks} /> },
    { key: 'tenant', title: say('tenant'), cell: (row) => row.tenantName ?? '—' },
    { key: 'application', title: say('application'), extra: true, cell: (row) => row.applicationName ?? '—' },
    { key: 'handler', title: say('handler'), cell: (row) => row.handlerName ?? say('nobody') },
    { key: 'started', title: say('started'), cell: (row) => listTime(row.clockStartAt, lang) },
    { key: 'source', title: say('source'), extra: true, cell: (row) => say(row.source) },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('incidents')}
        acts={
          may('incident.report:C') && (
            <ButtonLink kind="primary" to="/duty/incidents/new">
              {say('reportOne')}
            </ButtonLink>
          )
        }
      />
      <DataTable
        name="incidents"
        what={say('incidents')}
        ask={(input: ListInput) => ask('incident.list', input as never)}
        about={['incident']}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/duty/incidents/${row.id}` as string })}
        filters={[
          { key: 'severity', label: say('severity'), options: severities.map((one) => [one, say('severityOf', { level: one })] as const) },
        ]}
        views={[
          { key: 'open', label: say('open'), filters: { state: 'open' } },
          { key: 'mine', label: say('mine'), filters: { mine: 'true' } },
          { key: 'closed', label: say('closed'), filters: { state: 'closed' } },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        searchHint={say('search')}
        firstUse={{ title: say('none'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.title,
          right: <SeverityMark level={row.topSeverity} />,
          below: `${row.number} · ${say(row.status)}`,
          belowRight: <NextClock clocks={row.clocks} />,
        })}
      />
    </div>
  )
}
