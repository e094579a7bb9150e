import type { ApplicationAvailability } from '@changbai/contract/availability.shapes.ts'
import { fractionPercent } from '@changbai/verify/availability/figures.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { Download, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, serverNow, shortDay, today } from '../../shared/time.ts'
import { Button, ClauseChip, Loaded, PageTitle, ProblemAlert, Sheet, Status, StatusGlyph, useAct } from '../../shared/ui/index.ts'
import { stateGlyph } from './AvailabilityPage.tsx'
import './availability.css'
import { availabilityText } from './availabilityText.ts'
import { BudgetRuler } from './BudgetRuler.tsx'
import { monthName, withPlannedPercent } from './format.ts'
import { OutageList } from './OutageList.tsx'
import { ReportOutage } from './outageActs.tsx'
import { type Recomputed, recomputeHere, Verdict } from './recompute.tsx'
import { SealSheet } from './SealSheet.tsx'
import { StripLegend, YearStrip } from './YearStrip.tsx'

/** One application's year as the customer and the third party see it: figure, budget, year, outages with bounds and rulings, confirmation. */
export function ApplicationAvailabilityPage() {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const may = useMay()
  const { id } = useParams({ strict: false }) as { id: string }
  const { year: asked } = useSearch({ strict: false }) as { year?: number }
  const year = Number(asked ?? today().slice(0, 4))
  const query = useQuery({ ...ask('availability.one', { applicationId: id, year }), refetchInterval: 15_000 })
  const exporting = useAct()
  const recomputing = useAct()
  const [verdict, setVerdict] = useState<Recomputed | null>(null)
  const [reporting, setReporting] = useState(false)
  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(data) => {
          const { row } = data
          return (
            <>
              <PageTitle
                title={data.name}
                mark={
                  <>
                    <span className="second">
                      {data.tenantName} · {t('calendarYear', { year })}
                    </span>{' '}
                    {row.state !== 'UP' && <Status state={stateGlyph[row.state]}>{t(row.state)}</Status>}
                  </>
                }
                sentence={t('formula')}
                acts={
                  <>
                    {may('outage.attribute:C') && <Button onClick={() => setReporting(true)}>{t('report')}</Button>}
                    <Button
                      busy={exporting.busy}
                      icon={<Download size={16} strokeWidth={1.6} />}
                      onClick={() => void exporting.run(() => download('availability.export', { applicationId: id, year }))}
                    >
                      {t('export', { year })}
                    </Button>
                    <Button
                      kind="primary"
                      busy={recomputing.busy}
                      icon={<ShieldCheck size={16} strokeWidth={1.6} />}
                      onClick={() => void recomputing.run(async () => setVerdict(await recomputeHere(id, year)))}
                    >
                      {t('recomputeNow')}
                    </Button>
                  </>
                }
              />
              <div className="stack">
                <ProblemAlert error={exporting.error ?? recomputing.error} />
                <Sheet>
                  <Head data={data} year={year} />
                </Sheet>
                <Sheet title={t('yearStrip')} note={<span className="second">{t('stripNote')}</span>} acts={<StripLegend />}>
                  <YearStrip tall row={row} yearFrom={yearStart(year)} now={serverNow()} />
                  <Months data={data} year={year} />
                </Sheet>
                <div className="split avail">
                  <OutageList data={data} />
                  <div className="stack">
                    {verdict && <Verdict result={verdict} />}
                    <SealSheet data={data} year={year} />
                    <Sheet title={t('probesHere')} flush>
                      {data.probes.length === 0 ? (
                        <p className="second sheet-line">{t('noProbes')}</p>
                      ) : (
                        <ul className="list">
                          {data.probes.map((probe) => (
                            <li key={probe.name} className="row apart">
                              <span>{probe.name}</span>
                              <span className="row second">
                                <StatusGlyph state={probe.state === 'UP' ? 'kept' : probe.state === 'DOWN' ? 'breach' : 'unknown'} />
                                {probe.lastAt && t('lastSeen', { at: listTime(probe.lastAt, lang) })}
                              </span>
                            </li>
                          ))}
                        </ul>
                      )}
                    </Sheet>
                  </div>
                </div>
              </div>
              {reporting && <ReportOutage applicationId={id} onClose={() => setReporting(false)} />}
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

const yearStart = (year: number) => Date.UTC(year, 0, 1) - 8 * 3_600_000

function Head({ data: { row }, year }: { data: ApplicationAvailability; year: number }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const { figures } = row.statement
  return (
    <div className="avail-head">
      <div>
        <span className="second">
          {t('contractFigure')} <ClauseChip id="7.1-I-4" />
        </span>
        <div className={figures.met ? 'avail-figure' : 'avail-figure breach'}>{fractionPercent(figures.availability)}</div>
        <span className="second">
          {t('withPlanned')} <b>{withPlannedPercent(row.statement)}</b>
        </span>
      </div>
      <div className="stack tight">
        <BudgetRuler row={row} yearFrom={yearStart(year)} now={serverNow()} />
        {row.burn.exhaustedOn && <span className="second risk">{t('exhausted', { on: shortDay(row.burn.exhaustedOn, lang) })}</span>}
      </div>
    </div>
  )
}

function Months({ data, year }: { data: ApplicationAvailability; year: number }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const now = today().slice(0, 7)
  return (
    <>
      <div className="strip-months">
        {Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`).map((month) => {
          const seal = data.seals.find((one) => one.month === month && one.current)
          const waiting = (['CUSTOMER', 'THIRD_PARTY'] as const).filter((party) => !seal?.confirmations.some((one) => one.party === party))
          const isObjected = seal?.confirmations.some(({ result }) => result === 'OBJECTED')
          const words = !seal
            ? month === now
              ? t('running')
              : month < now
                ? t('notSealed')
                : ''
            : isObjected
              ? t('objected')
              : waiting.length === 0
                ? t('bothConfirmed')
                : t('sealedWaits', { who: waiting.map((party) => t(party)).join(lang === 'zh-CN' ? '、' : ', ') })
          return (
            <div key={month}>
              <div className={month > now ? 'second ink3' : 'second'}>{monthName(month, lang)}</div>
              <div className="note">{words}</div>
            </div>
          )
        })}
      </div>
      {year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) && <p className="note">{t('leapDay')}</p>}
    </>
  )
}
