import type { CoverageRow } from '@changbai/contract/alarm.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import {
  ClauseChip,
  type Column,
  DataTable,
  type ListInput,
  Loaded,
  PageTitle,
  Sheet,
  type State,
  Status,
  StatusGlyph,
} from '../../shared/ui/index.ts'
import './alarm.css'
import { topicWord } from './AlarmsPage.tsx'
import { alarmText } from './alarmText.ts'
import { SelfSheet } from './SelfSheet.tsx'

const glyphs: Record<'REPORTING' | 'SILENT' | 'NEVER', State> = { REPORTING: 'kept', SILENT: 'breach', NEVER: 'unknown' }
const classes = ['vm', 'baremetal', 'network-device', 'storage-array', 'uplink'] as const

export function CoveragePage() {
  const t = useText(alarmText)
  const navigate = useNavigate()
  const summary = useQuery({ ...ask('alarm.coverage', { limit: 1 }), refetchInterval: 60_000 })
  const columns: Column<CoverageRow>[] = [
    { key: 'name', title: t('object'), kind: 'name', cell: (row) => row.name },
    { key: 'class', title: t('objectClass'), cell: (row) => t(row.objectClass as 'vm') },
    {
      key: 'metrics',
      title: t('metric'),
      cell: (row) => (
        <span className="row wrap">
          {row.metrics.map(({ metric, topic, state }) => (
            <span key={metric} className="row inline" title={`${metric} · ${t(state)}`}>
              <StatusGlyph state={glyphs[state]} label={t(state)} /> {topicWord(t, topic)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'missing',
      title: t('gaps'),
      cell: (row) => (
        <Status state={row.missing === 0 ? 'kept' : 'risk'}>{row.missing === 0 ? t('complete') : t('missing', { n: row.missing })}</Status>
      ),
    },
  ]
  return (
    <div className="page">
      <PageTitle title={t('coverage')} sentence={t('coverageSentence')} />
      <div className="stack">
        <SelfSheet />
        <Sheet flush>
          <Loaded query={summary} rows={4}>
            {({ topics = [] }) => (
              <ul className="list coverage-topics">
                {topics.map(({ topic, clause, objects, reporting, silent }) => (
                  <li key={topic} className="row wrap apart">
                    <span className="row">
                      <b>{topicWord(t, topic)}</b> {clause && <ClauseChip id={clause} />}
                    </span>
                    <span className="row">
                      {silent > 0 && <Status state="breach">{t('silentNow', { n: silent })}</Status>}
                      <Status state={reporting === objects ? 'kept' : 'risk'}>{t('covered', { n: reporting, all: objects })}</Status>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </Sheet>
        <DataTable
          name="coverage"
          what={t('object')}
          ask={(input: ListInput) => ask('alarm.coverage', input as never)}
          columns={columns}
          rowKey={(row) => row.objectId}
          open={(row) => {
            if (row.objectType === 'server') void navigate({ to: `/cloud/servers/${row.objectId}` as string })
          }}
          filters={[{ key: 'objectClass', label: t('objectClass'), options: classes.map((one) => [one, t(one)] as const) }]}
          views={[
            { key: 'all', label: t('all'), filters: {} },
            { key: 'gaps', label: t('gaps'), filters: { gaps: 'true' } },
          ]}
          firstUse={{ title: t('noObjects') }}
          phone={(row) => ({
            title: row.name,
            below: t(row.objectClass as 'vm'),
            right: (
              <Status state={row.missing === 0 ? 'kept' : 'risk'}>
                {row.missing === 0 ? t('complete') : t('missing', { n: row.missing })}
              </Status>
            ),
          })}
        />
      </div>
    </div>
  )
}
