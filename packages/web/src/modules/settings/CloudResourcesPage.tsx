import type { cloudResource } from '@changbai/contract/cloud.ts'
import type { z } from 'zod'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { DataTable, PageTitle, type State, Status } from '../../shared/ui/index.ts'
import { Strays } from './Strays.tsx'
import { settingsText } from './settingsText.ts'

type Row = z.output<typeof cloudResource>
const states: Record<Row['state'], State> = {
  INTENDED: 'todo',
  ASKED: 'running',
  UNKNOWN: 'unknown',
  BUILDING: 'running',
  PRESENT: 'kept',
  FAILED: 'breach',
  REMOVING: 'running',
  ABSENT: 'none',
}
const kinds = [
  'project',
  'user',
  'quota',
  'network',
  'subnet',
  'router',
  'securityGroup',
  'volume',
  'port',
  'serverGroup',
  'server',
  'address',
] as const

export function CloudResourcesPage() {
  const t = useText(settingsText)
  const lang = useLanguage()
  return (
    <div className="page">
      <PageTitle title={t('resources')} sentence={t('resourcesSentence')} />
      <div className="stack">
        <Strays />
        <DataTable<Row>
          name="cloudResources"
          what={t('resources')}
          ask={({ q: _q, sort: _sort, ...input }) => ask('cloud.resources', input as never)}
          columns={[
            { key: 'name', title: t('name'), kind: 'name', cell: (r) => r.name },
            { key: 'kind', title: t('kind'), cell: (r) => r.kind },
            { key: 'state', title: t('state'), cell: (r) => <Status state={states[r.state]}>{t(r.state)}</Status> },
            { key: 'external', title: t('externalId'), kind: 'id', cell: (r) => r.externalId?.slice(0, 13) ?? '—' },
            { key: 'owner', title: t('owner'), cell: (r) => r.ownerType },
            { key: 'asked', title: t('askedAt'), cell: (r) => (r.askedAt ? listTime(r.askedAt, lang) : '—') },
            { key: 'attempts', title: t('attempts'), kind: 'num', cell: (r) => r.attempts },
            { key: 'error', title: t('error'), cell: (r) => r.lastError ?? '—' },
            { key: 'key', title: t('key'), extra: true, cell: (r) => <span className="mono">{r.key}</span> },
          ]}
          rowKey={(r) => r.id}
          filters={[
            { key: 'kind', label: t('kind'), options: kinds.map((kind) => [kind, kind] as const) },
            {
              key: 'state',
              label: t('state'),
              options: (Object.keys(states) as Row['state'][]).map((state) => [state, t(state)] as const),
            },
          ]}
          firstUse={{ title: t('resourcesNone') }}
          phone={(r) => ({
            title: r.name,
            right: <Status state={states[r.state]}>{t(r.state)}</Status>,
            below: r.kind,
            belowRight: r.askedAt ? listTime(r.askedAt, lang) : '',
          })}
        />
      </div>
    </div>
  )
}
