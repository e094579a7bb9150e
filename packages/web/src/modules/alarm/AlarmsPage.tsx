import type { AlarmSummary } from '@changbai/contract/alarm.shapes.ts'
import { useNavigate } from '@tanstack/react-router'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { type Text, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ButtonLink, type Column, DataTable, type ListInput, PageTitle, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import './alarm.css'
import { alarmText } from './alarmText.ts'
import { AlarmState, AlarmTitle, LevelMark, valueText } from './marks.tsx'

const topics = [
  'reach',
  'device-load',
  'policy',
  'bandwidth',
  'attack',
  'cpu',
  'memory',
  'disk-use',
  'performance',
  'power-fan-temperature',
  'disk-health',
  'nic-raid',
  'storage-hardware',
  'certificate',
  'collection',
] as const

export function AlarmsPage() {
  const t = useText(alarmText)
  const lang = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const columns: Column<AlarmSummary>[] = [
    { key: 'level', title: t('level'), cell: (row) => <LevelMark level={row.level} /> },
    { key: 'title', title: t('title'), kind: 'name', cell: (row) => <AlarmTitle alarm={row} /> },
    { key: 'object', title: t('object'), cell: (row) => `${row.objectName}${row.part ? ` ${row.part}` : ''}` },
    { key: 'state', title: t('state'), cell: (row) => <AlarmState alarm={row} /> },
    { key: 'value', title: t('value'), kind: 'num', cell: (row) => valueText(row) },
    { key: 'since', title: t('since'), cell: (row) => listTime(row.sinceAt, lang) },
    { key: 'incident', title: t('incident'), kind: 'id', cell: (row) => row.incident?.number ?? '—' },
    { key: 'acked', title: t('acknowledgedBy'), cell: (row) => row.ackedByName ?? '—' },
    { key: 'topic', title: t('topic'), extra: true, cell: (row) => topicWord(t, row.topic) },
    { key: 'source', title: t('source'), extra: true, cell: (row) => t(row.source) },
  ]
  return (
    <div className="page">
      <PageTitle
        title={t('alarms')}
        sentence={t('alarmsSentence')}
        acts={
          may('monitor.read:R') && (
            <>
              <ButtonLink to="/duty/alarms/silences">{t('silences')}</ButtonLink>
              <ButtonLink to="/duty/alarm-rules">{t('rules')}</ButtonLink>
              <ButtonLink to="/duty/coverage">{t('coverage')}</ButtonLink>
            </>
          )
        }
      />
      <DataTable
        name="alarms"
        what={t('alarms')}
        ask={(input: ListInput) => ({ ...ask('alarm.list', input as never), refetchInterval: 5_000 })}
        columns={columns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/duty/alarms/${row.id}` as string })}
        filters={[
          { key: 'level', label: t('level'), options: (['I', 'II', 'III', 'IV'] as const).map((one) => [one, one] as const) },
          { key: 'topic', label: t('topic'), options: topics.map((one) => [one, topicWord(t, one)] as const) },
        ]}
        views={[
          { key: 'open', label: t('open'), filters: { state: 'open' } },
          { key: 'unacked', label: t('unacked'), filters: { state: 'open', unacked: 'true' } },
          { key: 'roots', label: t('rootsOnly'), filters: { state: 'open', roots: 'true' } },
          { key: 'unassigned', label: t('unassigned'), filters: { state: 'open', unassigned: 'true' } },
          { key: 'closed', label: t('closed'), filters: { state: 'closed' } },
          { key: 'all', label: t('all'), filters: { state: 'all' } },
        ]}
        searchHint={t('search')}
        firstUse={{ title: t('none'), help: t('firstUse') }}
        {...(may('alert.ack:X') || may('alert.ack:U')
          ? { selection: (rows: AlarmSummary[], clear: () => void) => <AcknowledgeSelected rows={rows} clear={clear} /> }
          : {})}
        phone={(row) => ({
          title: <AlarmTitle alarm={row} />,
          right: <LevelMark level={row.level} />,
          below: row.objectName,
          belowRight: listTime(row.sinceAt, lang),
        })}
      />
    </div>
  )
}

export type Say = ReturnType<typeof useText<AlarmKey>>
type AlarmKey = typeof alarmText extends Text<infer K> ? K : never
/** A topic of a rule pack in words; one that a sender invented stays as it is. */
export const topicWord = (t: Say, topic: string): string => {
  const known = topics.find((one) => one === topic)
  return known ? t(`t_${known}`) : topic
}

function AcknowledgeSelected({ rows, clear }: { rows: AlarmSummary[]; clear: () => void }) {
  const t = useText(alarmText)
  const act = useAct()
  return (
    <>
      <Button
        kind="primary"
        busy={act.busy}
        onClick={() =>
          void act.run(async () => {
            await call('alarm.acknowledge', { alarmIds: rows.map(({ id }) => id) })
            clear()
          })
        }
      >
        {t('acknowledgeAll', { n: rows.length })}
      </Button>
      <ProblemAlert error={act.error} />
    </>
  )
}
