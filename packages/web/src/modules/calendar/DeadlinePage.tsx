import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { clock, fromWall, listTime, longDay, serverNow, toWall } from '../../shared/time.ts'
import { DayScale, Loaded, MinuteField, PageTitle, SelectField, Sheet, Status, TextField } from '../../shared/ui/index.ts'
import { calendarText } from './calendarText.ts'

/** Any limit, explained day by day from the same calendar the clocks use. */
export function DeadlinePage() {
  const t = useText(calendarText)
  const lang = useLanguage()
  const [from, setFrom] = useState(() => toWall(new Date(serverNow()).toISOString()))
  const [amount, setAmount] = useState('2')
  const [unit, setUnit] = useState('wd')
  const valid = /^[1-9]\d{0,3}$/.test(amount)
  const limit = unit === 'hours' ? `PT${amount}H` : `${amount}${unit}`
  const query = useQuery({
    ...ask('calendar.explainDeadline', { from: from ? fromWall(from) : '', limit }),
    enabled: valid && from !== '',
    placeholderData: keepPreviousData,
  })
  return (
    <div className="page">
      <PageTitle title={t('deadlineTitle')} sentence={t('deadlineSentence')} />
      <div className="stack">
        <Sheet>
          <div className="fields">
            <MinuteField label={t('from')} help={t('fromHelp')} value={from} onChange={setFrom} />
            <TextField
              label={t('limit')}
              inputMode="numeric"
              value={amount}
              onChange={setAmount}
              error={valid ? undefined : t('numberBad')}
            />
            <SelectField
              label={t('kind')}
              options={[
                ['wd', t('wd')],
                ['bh', t('bh')],
                ['hours', t('hours')],
              ]}
              value={unit}
              onChange={(next) => setUnit(next || 'wd')}
            />
          </div>
        </Sheet>
        {valid && (
          <Sheet title={t('dueAt')} note={query.data && <span className="mono">{query.data.limit}</span>}>
            <Loaded query={query} rows={4}>
              {(deadline) => (
                <div className="stack">
                  <p className="figure">
                    {longDay(deadline.dueOn, lang)} {clock(deadline.dueAt)}
                  </p>
                  <DayScale deadline={deadline} />
                  <div className="grid-scroll">
                    <table className="grid dense">
                      <thead>
                        <tr>
                          <th>{t('day')}</th>
                          <th>{t('counts')}</th>
                          <th>{t('reasonOf')}</th>
                        </tr>
                      </thead>
                      <tbody>
                        {deadline.days.map((day) => (
                          <tr key={day.on}>
                            <td className="nowrap">{longDay(day.on, lang)}</td>
                            <td>{day.index ?? '—'}</td>
                            <td>
                              {pick(day.reason, lang)} {day.provisional && <Status state="unknown">{t('provisionalMark')}</Status>}
                            </td>
                          </tr>
                        ))}
                      </tbody>
                    </table>
                  </div>
                  <p className="note">{listTime(deadline.from, lang)}</p>
                </div>
              )}
            </Loaded>
          </Sheet>
        )}
      </div>
    </div>
  )
}
