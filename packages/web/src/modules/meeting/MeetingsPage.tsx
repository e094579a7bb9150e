import type { MeetingSummary } from '@changbai/contract/meeting.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DataTable, Loaded, PageTitle, ProblemAlert, Segments, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { ItemLine } from './ItemLine.tsx'
import { meetingText } from './meetingText.ts'

export const stateOf: Record<MeetingSummary['status'], State> = { PREPARED: 'todo', HELD: 'running', ARCHIVED: 'kept' }

/** All weekly meetings, and what they left to do. */
export function MeetingsPage() {
  const t = useText(meetingText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const navigate = useNavigate()
  const first = useQuery(ask('meeting.list', { limit: 1 }))
  const go = (id: string) => void navigate({ to: `/proof/meetings/${id}` as never })
  return (
    <div className="page">
      <PageTitle
        title={t('meetings')}
        sentence={t('sentence')}
        acts={
          may('meeting.minutes:C') &&
          first.data?.prepared === false && (
            <Button kind="primary" busy={act.busy} onClick={() => void act.run(async () => go((await call('meeting.prepare', {})).id))}>
              {t('prepare')}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <Items />
        <DataTable
          name="meetings"
          what={t('noun')}
          about={['meeting']}
          ask={({ after, limit }) => ask('meeting.list', { after, limit } as never)}
          columns={[
            {
              key: 'week',
              title: t('week'),
              kind: 'id',
              cell: (row: MeetingSummary) => <Link to={`/proof/meetings/${row.id}` as never}>{row.week}</Link>,
            },
            { key: 'status', title: t('status'), cell: (row) => <Status state={stateOf[row.status]}>{t(row.status)}</Status> },
            { key: 'heldAt', title: t('heldAt'), cell: (row) => (row.heldAt ? listTime(row.heldAt, lang) : '—') },
            {
              key: 'groups',
              title: t('groups'),
              cell: (row) => row.groups.map((one) => t(one)).join(lang === 'zh-CN' ? '、' : ', ') || '—',
            },
            {
              key: 'archive',
              title: t('archivedAt'),
              cell: (row) =>
                row.archiveDueAt ? (
                  <Status state={row.late ? 'breach' : row.archivedAt ? 'kept' : 'planned'} quiet={!row.late}>
                    {listTime(row.archivedAt ?? row.archiveDueAt, lang)}
                    {row.late && ` ${t('late')}`}
                  </Status>
                ) : (
                  '—'
                ),
            },
            { key: 'open', title: t('openItems'), kind: 'num', cell: (row) => row.openItems },
            { key: 'number', title: t('number'), cell: (row) => row.number, extra: true },
          ]}
          rowKey={(row) => row.id}
          open={(row) => go(row.id)}
          firstUse={{ title: t('firstUse'), help: t('firstUseHelp') }}
          phone={(row) => ({ title: row.week, right: <Status state={stateOf[row.status]}>{t(row.status)}</Status>, below: row.number })}
        />
      </div>
    </div>
  )
}

function Items() {
  const t = useText(meetingText)
  const [which, setWhich] = useState<'all' | 'mine'>('all')
  const query = useQuery(ask('meeting.items', { open: 'true', limit: 100, ...(which === 'mine' && { mine: 'true' }) }))
  return (
    <Sheet
      flush
      title={t('itemsTitle')}
      acts={
        <Segments
          label={t('itemsTitle')}
          value={which}
          onChange={setWhich}
          options={[
            ['all', t('all')],
            ['mine', t('mine')],
          ]}
        />
      }
    >
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="second sheet-line">{t('noItems')}</p>
          ) : (
            <ul className="list">
              {items.map((item) => (
                <ItemLine key={item.id} item={item} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  )
}
