import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { ButtonLink, Facts, Loaded, PageTitle, RedLine, Sheet } from '../../shared/ui/index.ts'
import { planText } from './planText.ts'
import { wordValue } from './structure.ts'

/** One promise, wholly: what, who, when, by what shown, how computed, and the numbers it rests on. */
export function ClausePage() {
  const t = useText(planText)
  const lang = useLanguage()
  const { clauseId } = useParams({ strict: false }) as { clauseId: string }
  const query = useQuery(ask('plan.clause', { clauseId }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(clause) => (
          <>
            <PageTitle
              title={pick(clause.title, lang)}
              mark={
                <>
                  <span className="clause">{clause.id}</span>
                  {clause.redLine && (
                    <span className="chip" title={t('redLineNote')}>
                      <RedLine label={t('redLineNote')} /> {t('redLine')}
                    </span>
                  )}
                </>
              }
              sentence={`${clause.chapter} ${pick(clause.chapterTitle, lang)}${clause.alias ? ` · ${t('alias', { alias: clause.alias })}` : ''}`}
              acts={
                <>
                  {clause.previous && (
                    <ButtonLink to={`/plan/clauses/${clause.previous}`}>
                      {t('previous')} {clause.previous}
                    </ButtonLink>
                  )}
                  {clause.next && (
                    <ButtonLink to={`/plan/clauses/${clause.next}`}>
                      {t('nextClause')} {clause.next}
                    </ButtonLink>
                  )}
                </>
              }
            />
            <div className="split">
              <Sheet>
                <Facts
                  items={[
                    [t('obligors'), clause.obligors.map((code) => (code === 'PROVIDER' ? t('PROVIDER') : roleName(code, lang))).join('、')],
                    [t('frequency'), t(clause.frequency)],
                    [t('trigger'), pick(clause.trigger, lang)],
                    [t('deadlineRule'), clause.deadlineRule && pick(clause.deadlineRule, lang)],
                    [t('evidence'), pick(clause.evidence, lang)],
                    [t('formula'), pick(clause.formula, lang)],
                    [t('readings'), clause.readings.join('、')],
                  ]}
                />
              </Sheet>
              <Sheet flush title={t('parametersUsed')}>
                <ul className="list">
                  {clause.parameterValues.map((parameter) => (
                    <li key={parameter.key} className="row apart">
                      <Link to="/plan/parameters/$key" params={{ key: parameter.key }}>
                        {pick(parameter.title, lang)}
                        <div className="note mono">{parameter.key}</div>
                      </Link>
                      <b className="right">{wordValue(parameter.value, parameter.unit, lang)}</b>
                    </li>
                  ))}
                  {clause.parameterValues.length === 0 && <li className="second">—</li>}
                </ul>
              </Sheet>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
