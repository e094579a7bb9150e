import './calendar.css'
import type { CalendarDay, DayChange } from '@changbai/contract/calendar.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { longDay, today, weekdayOf } from '../../shared/time.ts'
import { Button, Check, DecisionDialog, Loaded, PageTitle, SelectField, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { CalendarChanges } from './CalendarChanges.tsx'
import { calendarText } from './calendarText.ts'
import { YearGrid } from './YearGrid.tsx'

type Kind = DayChange['kind']
/** What the day of the week allows. */
const kindsFor = (on: string): readonly Kind[] =>
  weekdayOf(on) % 6 === 0 ? ['WEEKEND', 'MAKEUP_WORK', 'STATUTORY'] : ['WORKDAY', 'STATUTORY', 'IN_LIEU_REST']

function PickDay({
  day,
  held,
  set,
  onClose,
}: {
  day: CalendarDay
  held: DayChange | undefined
  set: (change: DayChange | null) => void
  onClose: () => void
}) {
  const t = useText(calendarText)
  const lang = useLanguage()
  const [kind, setKind] = useState<string>(held?.kind ?? day.kind)
  const [name, setName] = useState(held?.name ?? day.name ?? '')
  return (
    <DecisionDialog
      title={t('dayKind', { day: longDay(day.on, lang) })}
      verb={t('edit')}
      act={async () => {
        const same = kind === day.kind && name === (day.name ?? '')
        set(same ? null : { on: day.on, kind: kind as Kind, name: name.trim() || null, nameEn: null })
      }}
      onClose={onClose}
    >
      <SelectField
        label={t('dayKind', { day: longDay(day.on, lang) })}
        options={kindsFor(day.on).map((one) => [one, t(one)] as const)}
        value={kind}
        onChange={setKind}
      />
      {kind !== 'WORKDAY' && kind !== 'WEEKEND' && <TextField label={t('holidayName')} value={name} onChange={setName} maxLength={60} />}
    </DecisionDialog>
  )
}

/** The year with 休 and 班; an editor proposes, a second person decides. */
export function CalendarPage() {
  const t = useText(calendarText)
  const may = useMay()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { year?: number }
  const year = Number(search.year) || Number(today().slice(0, 4))
  const query = useQuery(ask('calendar.year', { year }))
  const refresh = useAct()
  const [editing, setEditing] = useState(false)
  const [changed, setChanged] = useState<Map<string, DayChange>>(new Map())
  const [picked, setPicked] = useState<CalendarDay | null>(null)
  const [sending, setSending] = useState(false)
  const [doc, setDoc] = useState('')
  const [publishes, setPublishes] = useState(false)
  const show = (next: number) => {
    setChanged(new Map())
    setEditing(false)
    void navigate({ to: '.', search: { year: next } as never, replace: true })
  }
  const stop = () => {
    setEditing(false)
    setChanged(new Map())
  }
  const data = query.data
  return (
    <div className="page">
      <PageTitle
        title={t('title', { year })}
        mark={data?.status === 'PROVISIONAL' && <Status state="unknown">{t('provisionalMark')}</Status>}
        sentence={
          data &&
          (data.status === 'PROVISIONAL'
            ? t('provisional', { year, workdays: data.workdays })
            : t('published', { workdays: data.workdays, holidays: data.holidays, makeup: data.makeUpDays, doc: data.publishedDoc }))
        }
        acts={
          <>
            <Button icon={<ChevronLeft size={16} strokeWidth={1.6} />} aria-label={t('previousYear')} onClick={() => show(year - 1)}>
              {year - 1}
            </Button>
            <Button aria-label={t('nextYear')} onClick={() => show(year + 1)}>
              {year + 1}
              <ChevronRight size={16} strokeWidth={1.6} />
            </Button>
            {may('calendar.edit:C') &&
              (editing ? (
                <>
                  <Button onClick={stop}>{t('stopEdit')}</Button>
                  <Button kind="primary" onClick={() => setSending(true)}>
                    {t('submit')}
                  </Button>
                </>
              ) : (
                <Button kind="primary" onClick={() => setEditing(true)}>
                  {t('edit')}
                </Button>
              ))}
          </>
        }
      />
      <div className="stack">
        <Sheet
          title={editing ? t('editing') : undefined}
          note={editing && changed.size > 0 ? t('picked', { count: changed.size }) : undefined}
        >
          <Loaded query={query} rows={12}>
            {(shown) => (
              <>
                <YearGrid
                  days={shown.days}
                  provisional={shown.status === 'PROVISIONAL'}
                  changed={changed}
                  {...(editing && { onPick: setPicked })}
                />
                <div className="legend">
                  <span>
                    <span className="cell holiday">
                      1<i>{t('off')}</i>
                    </span>
                    {t('offLegend')}
                  </span>
                  <span>
                    <span className="cell makeup">
                      2<i>{t('work')}</i>
                    </span>
                    {t('workLegend')}
                  </span>
                  <span>
                    <span className="cell rest">6</span>
                    {t('weekendLegend')}
                  </span>
                  {changed.size > 0 && (
                    <span>
                      <span className="cell changed">8</span>
                      {t('changedLegend')}
                    </span>
                  )}
                </div>
              </>
            )}
          </Loaded>
        </Sheet>
        <CalendarChanges year={year} />
      </div>
      {picked && (
        <PickDay
          day={picked}
          held={changed.get(picked.on)}
          set={(change) =>
            setChanged((before) => {
              const after = new Map(before)
              if (change) after.set(picked.on, change)
              else after.delete(picked.on)
              return after
            })
          }
          onClose={() => setPicked(null)}
        />
      )}
      {sending && (
        <DecisionDialog
          title={publishes ? t('publish', { year }) : t('submit')}
          verb={t('submit')}
          reason={{ label: t('reason') }}
          act={async (reason) => {
            await call('calendar.proposeChange', { year, publishes, publishedDoc: doc, reason, days: [...changed.values()] })
            stop()
            await refresh.run(async () => {})
          }}
          onClose={() => setSending(false)}
        >
          <p className="second">
            {t('picked', { count: changed.size })}　{t('secondPerson')}
          </p>
          <TextField label={t('doc')} help={t('docHelp')} value={doc} onChange={setDoc} maxLength={200} />
          {data?.status === 'PROVISIONAL' && (
            <Check checked={publishes} onChange={setPublishes}>
              {t('publishes')}
            </Check>
          )}
        </DecisionDialog>
      )}
    </div>
  )
}
