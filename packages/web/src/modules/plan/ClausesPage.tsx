import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName, roleOptions } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { DataTable, PageTitle, RedLine } from '../../shared/ui/index.ts'
import { planText } from './planText.ts'

const frequencies = ['PER_EVENT', 'CONTINUOUS', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY'] as const

export function ClausesPage() {
  const t = useText(planText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const chapters = useQuery(ask('plan.overview', {})).data?.chapters ?? []
  const obligor = (code: string) => (code === 'PROVIDER' ? t('PROVIDER') : roleName(code, lang))
  return (
    <div className="page">
      <PageTitle title={t('clauses')} sentence={t('clausesSentence')} />
      <DataTable
        name="clauses"
        paged={false}
        what={t('clauseNoun')}
        ask={({ q, chapter, obligor: who, frequency, redLine }) =>
          ask('plan.clauses', { q, chapter, obligor: who, frequency, redLine } as never)
        }
        columns={[
          {
            key: 'id',
            title: t('id'),
            kind: 'id',
            cell: (clause) => (
              <Link to="/plan/clauses/$clauseId" params={{ clauseId: clause.id }}>
                {clause.id}
              </Link>
            ),
          },
          {
            key: 'title',
            title: t('title'),
            kind: 'name',
            cell: (clause) => (
              <>
                {pick(clause.title, lang)} {clause.redLine && <RedLine label={t('redLine')} />}
              </>
            ),
          },
          { key: 'obligors', title: t('obligors'), cell: (clause) => clause.obligors.map(obligor).join('、') },
          { key: 'frequency', title: t('frequency'), cell: (clause) => <span className="nowrap">{t(clause.frequency)}</span> },
          { key: 'deadline', title: t('deadline'), cell: (clause) => (clause.deadlineRule ? pick(clause.deadlineRule, lang) : '—') },
          { key: 'evidence', title: t('evidence'), extra: true, cell: (clause) => pick(clause.evidence, lang) },
          { key: 'formula', title: t('formula'), extra: true, cell: (clause) => pick(clause.formula, lang) },
        ]}
        rowKey={(clause) => clause.id}
        open={(clause) => void navigate({ to: '/plan/clauses/$clauseId', params: { clauseId: clause.id } } as never)}
        searchHint={t('clauseSearch')}
        views={[
          { key: 'all', label: t('clauses'), filters: {} },
          { key: 'red', label: t('redLine'), filters: { redLine: 'true' } },
        ]}
        filters={[
          {
            key: 'chapter',
            label: t('chapter'),
            options: chapters.map((chapter) => [chapter.chapter, `${chapter.chapter} ${pick(chapter.title, lang)}`] as const),
          },
          { key: 'obligor', label: t('obligors'), options: [['PROVIDER', t('PROVIDER')], ...roleOptions(lang)] },
          { key: 'frequency', label: t('frequency'), options: frequencies.map((one) => [one, t(one)] as const) },
          {
            key: 'redLine',
            label: t('redLine'),
            options: [
              ['true', t('yes')],
              ['false', t('no')],
            ],
          },
        ]}
        firstUse={{ title: t('firstUse') }}
        phone={(clause) => ({
          title: pick(clause.title, lang),
          right: <span className="mono second">{clause.id}</span>,
          below: clause.obligors.map(obligor).join('、'),
          belowRight: t(clause.frequency),
        })}
      />
    </div>
  )
}
