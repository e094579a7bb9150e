import type { ChangeSummary } from '@changbai/contract/change.shapes.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ButtonLink, type Column, DataTable, type ListInput, PageTitle, Status } from '../../shared/ui/index.ts'
import { changeText } from './changeText.ts'
import { StartChange } from './StartChange.tsx'
import { STATES } from './words.ts'

const OPEN = 'DRAFT,SUBMITTED,UNDER_REVIEW,RETURNED,PENDING_APPROVAL,APPROVED,FULFILLING,FULFILL_FAILED,DELIVERED'

/** All changes the reader may see: of his bureau, or touching his applications. */
export function ChangesPage() {
  const say = useText(changeText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const window = (row: ChangeSummary) => (row.windowFrom ? listTime(row.windowFrom, lang) : '—')
  const columns: Column<ChangeSummary>[] = [
    { key: 'number', title: say('number'), kind: 'id', cell: (row) => row.number },
    { key: 'title', title: say('title'), kind: 'name', cell: (row) => row.title || '—' },
    { key: 'category', title: say('category'), cell: (row) => say(row.category) },
    {
      key: 'status',
      title: say('status'),
      cell: (row) => (
        <Status state={row.outcome === 'ROLLED_BACK' ? 'risk' : STATES[row.status]}>
          {row.status === 'CLOSED' && row.outcome ? say(row.outcome) : say(row.status)}
        </Status>
      ),
    },
    { key: 'application', title: say('application'), cell: (row) => row.applicationName || '—' },
    { key: 'window', title: say('window'), cell: window },
    { key: 'handler', title: say('handler'), cell: (row) => row.step?.assigneeName ?? row.step?.name ?? '—' },
    { key: 'applicant', title: say('applicant'), extra: true, cell: (row) => row.applicantName },
    { key: 'downtime', title: say('downtime'), extra: true, cell: (row) => (row.downtime ? '✓' : '—') },
  ]
  return (
    <div className="page">
      <PageTitle
        title={say('changes')}
        acts={
          <>
            <ButtonLink to="/work/changes/calendar">{say('calendar')}</ButtonLink>
            {may('change.submit:C') && (
              <Button kind="primary" onClick={() => setStarting(true)}>
                {say('newChange')}
              </Button>
            )}
          </>
        }
      />
      <DataTable
        name="changes"
        what={say('changes')}
        ask={(input: ListInput) => ask('change.list', input as never)}
        about={['change']}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/work/changes/${row.id}` as string })}
        filters={[
          {
            key: 'category',
            label: say('category'),
            options: (['STANDARD', 'NORMAL', 'MAJOR', 'EMERGENCY'] as const).map((one) => [one, say(one)] as const),
          },
        ]}
        views={[
          { key: 'open', label: say('open'), filters: { status: OPEN } },
          { key: 'mine', label: say('mine'), filters: { mine: 'true' } },
          { key: 'closed', label: say('closed'), filters: { status: 'CLOSED,REJECTED,WITHDRAWN,CANCELLED,EXPIRED' } },
          { key: 'all', label: say('all'), filters: {} },
        ]}
        searchHint={say('search')}
        firstUse={{ title: say('changes'), help: say('firstUse') }}
        phone={(row) => ({
          title: row.title || row.number,
          right: <Status state={STATES[row.status]}>{say(row.status)}</Status>,
          below: `${row.number} · ${say(row.category)}`,
          belowRight: window(row),
        })}
      />
      {starting && <StartChange onClose={() => setStarting(false)} />}
    </div>
  )
}
