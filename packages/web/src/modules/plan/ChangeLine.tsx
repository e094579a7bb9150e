import type { ParameterChange } from '@changbai/contract/plan.ts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, shortDay } from '../../shared/time.ts'
import { Button, DecisionDialog, type State, Status, useAct } from '../../shared/ui/index.ts'
import { planText } from './planText.ts'
import { wordDifferences, wordValue } from './structure.ts'

type Verb = ParameterChange['may'][number]
const states: Record<ParameterChange['status'], State> = {
  PROPOSED: 'running',
  REVIEWED: 'running',
  APPROVED: 'kept',
  REJECTED: 'none',
  WITHDRAWN: 'none',
}

/** One change with what was said about it and the verbs the reader has. */
export function ChangeLine({ change, withName }: { change: ParameterChange; withName?: boolean }) {
  const t = useText(planText)
  const lang = useLanguage()
  const refresh = useAct()
  const [verb, setVerb] = useState<Verb | null>(null)
  const on = shortDay(change.startsOn, lang)
  const sentence =
    typeof change.before === 'object' && typeof change.after === 'object'
      ? t('fromOn', { what: wordDifferences(change.before, change.after, lang).join(lang === 'en-US' ? '; ' : '；'), on })
      : t('from', { before: wordValue(change.before, null, lang), after: wordValue(change.after, null, lang), on })
  const said = [
    [t('proposedBy', { by: change.proposedByName }), change.proposedAt, change.reason],
    change.reviewed && [t('reviewedBy', { by: change.reviewed.byName }), change.reviewed.at, change.reviewed.comment],
    change.approved && [t('approvedBy', { by: change.approved.byName }), change.approved.at, change.approved.comment],
    change.rejected && [t('rejectedBy', { by: change.rejected.byName }), change.rejected.at, change.rejected.comment],
  ].filter((line): line is [string, string, string] => Array.isArray(line))
  const decide = async (comment: string) => {
    const changeId = change.id
    if (verb === 'REVIEW') await call('plan.reviewChange', { changeId, comment })
    else if (verb === 'APPROVE') await call('plan.approveChange', { changeId, comment })
    else if (verb === 'REJECT') await call('plan.rejectChange', { changeId, comment })
    else await call('plan.withdrawChange', { changeId })
    await refresh.run(async () => {})
  }
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          {withName && (
            <Link to="/plan/parameters/$key" params={{ key: change.key }}>
              <b>{pick(change.title, lang)}</b>　
            </Link>
          )}
          {sentence}
        </span>
        <Status state={states[change.status]}>{t(change.status)}</Status>
        {change.may.map((one) => (
          <Button key={one} size="small" onClick={() => setVerb(one)}>
            {t(one)}
          </Button>
        ))}
      </div>
      {said.map(([who, at, words]) => (
        <div key={who} className="second">
          {who} {listTime(at, lang)}　{words}
        </div>
      ))}
      {verb && (
        <DecisionDialog
          title={`${t(verb)}：${pick(change.title, lang)}`}
          verb={t(verb)}
          danger={verb === 'REJECT'}
          {...(verb !== 'WITHDRAW' && { reason: { label: t('comment'), optional: verb !== 'REJECT' } })}
          act={decide}
          onClose={() => setVerb(null)}
        >
          <p>{sentence}</p>
        </DecisionDialog>
      )}
    </li>
  )
}
