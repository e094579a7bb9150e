import type { OptimisationSummary } from '@changbai/contract/assessment.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ask, call } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Loaded, PageTitle, ProblemAlert, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { assessmentText } from './assessmentText.ts'

export const planState: Record<OptimisationSummary['status'], State> = {
  IN_REVIEW: 'todo',
  REVISE: 'risk',
  ACTIVE: 'running',
  REJECTED: 'none',
  VERIFIED: 'kept',
}

/** All quarters, and every plan that followed. */
export function AssessmentsPage() {
  const t = useText(assessmentText)
  const lang = useLanguage()
  const act = useAct()
  const navigate = useNavigate()
  const query = useQuery(ask('assessment.list', { limit: 40 }))
  const plans = useQuery(ask('assessment.plans', { limit: 100 }))
  const openable = query.data?.openable
  return (
    <div className="page">
      <PageTitle
        title={t('assessments')}
        sentence={t('sentence')}
        acts={
          openable && (
            <Button
              kind="primary"
              busy={act.busy}
              onClick={() =>
                void act.run(
                  async () =>
                    void navigate({ to: `/proof/assessments/${(await call('assessment.open', { quarter: openable })).id}` as never }),
                )
              }
            >
              {t('open', { quarter: openable })}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        <Sheet flush>
          <Loaded query={query} rows={3}>
            {({ items }) => (
              <ul className="list">
                {items.map((one) => (
                  <li key={one.id} className="row wrap apart">
                    <span className="grow">
                      <Link to={`/proof/assessments/${one.id}` as never}>{one.quarter}</Link> <span className="note">{one.number}</span>
                    </span>
                    <span className="second">{t('issuesN', { n: one.issues, m: one.withoutPlan })}</span>
                    <Status state={one.late ? 'breach' : one.publishedAt ? 'kept' : 'running'}>
                      {one.publishedAt
                        ? `${t('PUBLISHED')} ${listTime(one.publishedAt, lang)}`
                        : t('due', { at: listTime(one.dueAt, lang) })}
                      {one.late && ` ${t('late')}`}
                    </Status>
                  </li>
                ))}
                {items.length === 0 && <li className="second">{t('none')}</li>}
              </ul>
            )}
          </Loaded>
        </Sheet>
        <Sheet flush title={t('plans')}>
          <Loaded query={plans} rows={2}>
            {({ items }) => (
              <ul className="list">
                {items.map((one) => (
                  <li key={one.id} className="row wrap apart">
                    <span className="grow">
                      <Link to={`/proof/optimisations/${one.id}` as never}>{one.number}</Link> {one.issue}{' '}
                      <span className="note">{`${one.goal.metric} ${one.goal.baseline} → ${one.goal.target}`}</span>
                    </span>
                    {one.untracked && <Status state="breach">{t('untracked')}</Status>}
                    <span className="second">{`${t('progress', { n: one.progress })} · ${one.milestonesDone}/${one.milestones}`}</span>
                    <Status state={planState[one.status]}>{t(one.status)}</Status>
                  </li>
                ))}
                {items.length === 0 && <li className="second">{t('none')}</li>}
              </ul>
            )}
          </Loaded>
        </Sheet>
      </div>
    </div>
  )
}
