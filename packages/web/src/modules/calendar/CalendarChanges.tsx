import type { CalendarChange } from '@changbai/contract/calendar.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, longDay } from '../../shared/time.ts'
import { Button, DecisionDialog, Loaded, Sheet, type State, Status, useAct } from '../../shared/ui/index.ts'
import { calendarText } from './calendarText.ts'

const states: Record<CalendarChange['status'], State> = { PROPOSED: 'running', APPROVED: 'kept', REJECTED: 'none', WITHDRAWN: 'none' }
type Verb = 'approve' | 'reject' | 'withdraw'

export function CalendarChanges({ year }: { year: number }) {
  const t = useText(calendarText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()
  const refresh = useAct()
  const query = useQuery({ ...ask('calendar.changes', { year, limit: 50 }) })
  const [doing, setDoing] = useState<{ verb: Verb; change: CalendarChange } | null>(null)
  const decide = async (comment: string) => {
    if (!doing) return
    const changeId = doing.change.id
    if (doing.verb === 'withdraw') await call('calendar.withdrawChange', { changeId })
    else await call('calendar.decideChange', { changeId, decision: doing.verb === 'approve' ? 'APPROVE' : 'REJECT', comment })
    await refresh.run(async () => {})
  }
  return (
    <Sheet flush title={t('changes')}>
      <Loaded query={query} rows={2}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="second sheet-line">{t('noChanges')}</p>
          ) : (
            <ul className="list">
              {page.items.map((change) => (
                <li key={change.id}>
                  <div className="row wrap apart">
                    <span className="grow">
                      <b>{change.publishedDoc}</b>　{change.reason}
                    </span>
                    <Status state={states[change.status]}>{t(change.status)}</Status>
                    {change.status === 'PROPOSED' && change.mayDecide && (
                      <>
                        <Button size="small" onClick={() => setDoing({ verb: 'approve', change })}>
                          {t('approve')}
                        </Button>
                        <Button size="small" onClick={() => setDoing({ verb: 'reject', change })}>
                          {t('reject')}
                        </Button>
                      </>
                    )}
                    {change.status === 'PROPOSED' && change.proposedBy === me?.person.id && may('calendar.edit:C') && (
                      <Button size="small" onClick={() => setDoing({ verb: 'withdraw', change })}>
                        {t('withdraw')}
                      </Button>
                    )}
                  </div>
                  <div className="second">
                    {t('proposed', { by: change.proposedByName, at: listTime(change.proposedAt, lang) })}
                    {change.decidedByName &&
                      change.decidedAt &&
                      ` · ${t('decided', { by: change.decidedByName, at: listTime(change.decidedAt, lang) })}`}
                    {change.comment && `　${change.comment}`}
                  </div>
                  <ul className="second">
                    {change.days.slice(0, 40).map((day) => (
                      <li key={day.on}>
                        {t('was', { day: longDay(day.on, lang), before: t(day.before), after: `${t(day.kind)} ${day.name ?? ''}` })}
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {doing && (
        <DecisionDialog
          title={t('decideTitle', { verb: t(doing.verb), by: doing.change.proposedByName, year })}
          verb={t(doing.verb)}
          danger={doing.verb === 'reject'}
          {...(doing.verb !== 'withdraw' && { reason: { label: t('comment'), optional: doing.verb === 'approve' } })}
          act={decide}
          onClose={() => setDoing(null)}
        />
      )}
    </Sheet>
  )
}
