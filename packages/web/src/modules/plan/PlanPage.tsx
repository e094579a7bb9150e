import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Evidence, Loaded, PageTitle, Sheet } from '../../shared/ui/index.ts'
import { planText } from './planText.ts'
import { proposalText } from './proposalText.ts'

export function PlanPage() {
  const t = useText(planText)
  const lang = useLanguage()
  const query = useQuery(ask('plan.overview', {}))
  return (
    <div className="page">
      <Loaded query={query} rows={12}>
        {(plan) => (
          <>
            <PageTitle
              title={pick(plan.version.title, lang)}
              sentence={
                <>
                  {t('overviewSentence', {
                    version: plan.version.version,
                    clauses: plan.version.clauses,
                    parameters: plan.version.parameters,
                  })}{' '}
                  {plan.pendingChanges > 0 && <Link to="/plan/parameters">{t('pending', { count: plan.pendingChanges })}</Link>}
                </>
              }
            />
            <ProposalBanner />
            <div className="split">
              <div className="stack">
                <Sheet flush title={t('chapters')}>
                  <ul className="list">
                    {plan.chapters.map((chapter) => (
                      <li key={chapter.chapter} className="row apart">
                        <Link to="/plan/clauses" search={{ chapter: chapter.chapter } as never}>
                          <span className="mono">{chapter.chapter}</span>　{pick(chapter.title, lang)}
                        </Link>
                        <span className="second">{t('chapterCount', { clauses: chapter.clauses, red: chapter.redLines })}</span>
                      </li>
                    ))}
                  </ul>
                </Sheet>
                <Sheet flush title={t('severities')}>
                  <div className="grid-scroll">
                    <table className="grid">
                      <thead>
                        <tr>
                          <th />
                          <th>{t('meaning')}</th>
                          <th className="num">{t('response')}</th>
                          <th className="num">{t('scheme')}</th>
                          <th className="num">{t('resolve')}</th>
                        </tr>
                      </thead>
                      <tbody>
                        {plan.severities.map((one) => (
                          <tr key={one.severity}>
                            <td className="nowrap">
                              <b>{t('level', { level: one.severity })}</b>
                            </td>
                            <td>{pick(one.meaning, lang)}</td>
                            <td className="num nowrap">{t('minutes', { n: one.responseMinutes })}</td>
                            <td className="num nowrap">{t('minutes', { n: one.planMinutes })}</td>
                            <td className="num nowrap">{t('minutes', { n: one.resolveMinutes })}</td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                </Sheet>
                <Sheet flush title={t('roles')}>
                  <ul className="list">
                    {plan.roles.map((role) => (
                      <li key={role.code}>
                        <b>{pick(role.title, lang)}</b>
                        <div className="second">{pick(role.duty, lang)}</div>
                      </li>
                    ))}
                  </ul>
                </Sheet>
              </div>
              <div className="stack">
                <Sheet flush title={t('groups')}>
                  <ul className="list">
                    {plan.groups.map((group) => (
                      <li key={group.group} className="row apart">
                        <Link to="/plan/parameters" search={{ group: group.group } as never}>
                          {pick(group.title, lang)}
                        </Link>
                        <span className="note right">{t('groupCount', { n: group.parameters, s: group.fromPlan })}</span>
                      </li>
                    ))}
                  </ul>
                </Sheet>
                <Sheet flush title={t('versions')}>
                  <ul className="list">
                    {plan.versions.map((version) => (
                      <li key={version.version}>
                        <div className="row apart">
                          <b>{version.version}</b>
                          <Evidence digest={version.digest} algorithm={version.digestAlgorithm} />
                        </div>
                        <div className="second">
                          {version.loadedBy === 'start'
                            ? t('loadedAtStart', { at: listTime(version.loadedAt, lang) })
                            : t('loaded', { by: version.loadedBy, at: listTime(version.loadedAt, lang) })}
                        </div>
                      </li>
                    ))}
                  </ul>
                </Sheet>
                <p className="note">{pick(plan.scope, lang)}</p>
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

/** Something an upgrade brought waits for people, or for its day. */
function ProposalBanner() {
  const t = useText(proposalText)
  const lang = useLanguage()
  const latest = useQuery(ask('planProposal.list', {})).data?.items[0]
  const isOpen = latest?.status === 'PROPOSED' || latest?.status === 'REVIEWED'
  const waits = latest?.status === 'ADOPTED' && latest.appliedAt === null
  if (!latest || !(isOpen || waits)) return null
  return (
    <p className="notice">
      <Link to={'/plan/proposals' as never}>
        {isOpen ? t('banner', { count: latest.differences.length }) : t('waits', { on: shortDay(latest.startsOn ?? '', lang) })}
      </Link>
    </p>
  )
}
