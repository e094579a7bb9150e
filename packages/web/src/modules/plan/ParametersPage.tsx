import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { shortDay } from '../../shared/time.ts'
import { DataTable, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { ChangeLine } from './ChangeLine.tsx'
import { planText } from './planText.ts'
import { wordValue } from './structure.ts'
import { wordSource } from './values.ts'

function PendingChanges() {
  const t = useText(planText)
  const waiting = useQuery(ask('plan.changes', { status: 'PROPOSED', limit: 20 }))
  const reviewed = useQuery(ask('plan.changes', { status: 'REVIEWED', limit: 20 }))
  const items = [...(waiting.data?.items ?? []), ...(reviewed.data?.items ?? [])]
  if (items.length === 0) return null
  return (
    <Sheet flush title={t('changes')} note={t('changing', { count: items.length })}>
      <Loaded query={waiting}>
        {() => (
          <ul className="list">
            {items.map((change) => (
              <ChangeLine key={change.id} change={change} withName />
            ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  )
}

export function ParametersPage() {
  const t = useText(planText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const groups = useQuery(ask('plan.overview', {})).data?.groups ?? []
  return (
    <div className="page">
      <PageTitle title={t('parameters')} sentence={t('parametersSentence')} />
      <div className="stack">
        <PendingChanges />
        <div>
          <DataTable
            name="parameters"
            paged={false}
            what={t('parameterNoun')}
            ask={({ q, group, provenance }) => ask('plan.parameters', { q, group, provenance } as never)}
            columns={[
              {
                key: 'key',
                title: t('key'),
                kind: 'id',
                cell: (parameter) => (
                  <Link to="/plan/parameters/$key" params={{ key: parameter.key }}>
                    {parameter.key}
                  </Link>
                ),
              },
              { key: 'name', title: t('name'), kind: 'name', cell: (parameter) => pick(parameter.title, lang) },
              {
                key: 'value',
                title: t('value'),
                kind: 'num',
                cell: (parameter) => <b className="wraps">{wordValue(parameter.value, parameter.unit, lang)}</b>,
              },
              {
                key: 'provenance',
                title: t('provenance'),
                cell: (parameter) =>
                  parameter.provenance.map((one) => wordSource(t(`provenance${one.kind}`), one.ref)).join(lang === 'en-US' ? '; ' : '；'),
              },
              {
                key: 'clauses',
                title: t('usedBy'),
                cell: (parameter) => (
                  <span className="mono">
                    {parameter.clauses.slice(0, 4).join(' ')}
                    {parameter.clauses.length > 4 ? ' …' : ''}
                  </span>
                ),
              },
              {
                key: 'next',
                title: t('next'),
                cell: (parameter) =>
                  parameter.next
                    ? t('nextFrom', {
                        value: wordValue(parameter.next.value, parameter.unit, lang),
                        on: shortDay(parameter.next.startsOn, lang),
                      })
                    : parameter.pendingChanges > 0
                      ? t('changing', { count: parameter.pendingChanges })
                      : '—',
              },
              {
                key: 'since',
                title: t('since'),
                extra: true,
                cell: (parameter) => (parameter.since ? shortDay(parameter.since, lang) : t('initial')),
              },
            ]}
            rowKey={(parameter) => parameter.key}
            open={(parameter) => void navigate({ to: '/plan/parameters/$key', params: { key: parameter.key } } as never)}
            searchHint={t('parameterSearch')}
            filters={[
              { key: 'group', label: t('group'), options: groups.map((group) => [group.group, pick(group.title, lang)] as const) },
              {
                key: 'provenance',
                label: t('provenance'),
                options: (['S', 'P', 'J'] as const).map((kind) => [kind, t(`provenance${kind}`)] as const),
              },
            ]}
            firstUse={{ title: t('firstUse') }}
            phone={(parameter) => ({
              title: pick(parameter.title, lang),
              right: wordValue(parameter.value, parameter.unit, lang),
              below: <span className="mono">{parameter.key}</span>,
              belowRight: parameter.pendingChanges > 0 ? t('changing', { count: parameter.pendingChanges }) : '',
            })}
          />
        </div>
      </div>
    </div>
  )
}
