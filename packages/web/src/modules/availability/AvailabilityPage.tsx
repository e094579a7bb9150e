import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import { fractionPercent } from '@changbai/verify/availability/figures.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { serverNow, today } from '../../shared/time.ts'
import { EmptyState, Loaded, PageTitle, Segments, Sheet, type State, Status } from '../../shared/ui/index.ts'
import './availability.css'
import { availabilityText } from './availabilityText.ts'
import { lasting } from './format.ts'
import { StripLegend, YearStrip } from './YearStrip.tsx'

export const stateGlyph: Record<AvailabilityRow['state'], State> = { UP: 'kept', DOWN: 'breach', UNKNOWN: 'unknown', NOT_MEASURED: 'none' }

/** Every application's year on one page: who is within the budget, and where it went. */
export function AvailabilityPage() {
  const t = useText(availabilityText)
  const navigate = useNavigate()
  const { year: asked } = useSearch({ strict: false }) as { year?: number }
  const current = Number(today().slice(0, 4))
  const year = Number(asked ?? current)
  const query = useQuery({ ...ask('availability.list', { year }), refetchInterval: 30_000 })
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {({ items, yearFrom }) => {
          const lost = items.filter(({ statement }) => !statement.figures.met).length
          const down = items.filter(({ state }) => state === 'DOWN').length
          const title = items.length === 0 ? 'noneMeasured' : lost === 0 ? 'allMet' : 'someLost'
          return (
            <>
              <PageTitle
                title={t(title, { year, n: items.length, lost })}
                sentence={`${down > 0 ? `${t('down', { count: down })} ` : ''}${t('listSentence')}`}
                acts={
                  <Segments
                    label={t('yearStrip')}
                    value={String(year)}
                    onChange={(next) => void navigate({ to: '/proof/availability', search: { year: Number(next) } } as never)}
                    options={[current - 1, current].map((one) => [String(one), t('year', { year: one })] as const)}
                  />
                }
              />
              <Sheet flush title={<StripLegend />}>
                {items.length === 0 ? (
                  <EmptyState title={t('firstUse')}>{t('firstUseHelp')}</EmptyState>
                ) : (
                  <>
                    <Table items={items} year={year} yearFrom={Date.parse(yearFrom)} />
                    <Cards items={items} year={year} yearFrom={Date.parse(yearFrom)} />
                  </>
                )}
              </Sheet>
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

interface Rows {
  items: readonly AvailabilityRow[]
  year: number
  yearFrom: number
}

/** Pages are linked by address, like everywhere. */
function OpenApplication({ row, year, className }: { row: AvailabilityRow; year: number; className?: string }) {
  return (
    <Link className={className ?? ''} to={`/proof/availability/${row.applicationId}` as string} search={{ year } as never}>
      {row.name}
    </Link>
  )
}

function Table({ items, year, yearFrom }: Rows) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  return (
    <div className="grid-scroll not-phone">
      <table className="grid avail-list">
        <thead>
          <tr>
            <th>{t('application')}</th>
            <th>{t('now')}</th>
            <th className="num">{t('availability')}</th>
            <th>{t('used')}</th>
            <th className="num">{t('counted')}</th>
            <th className="num">{t('unknown')}</th>
            <th>{t('yearStrip')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => {
            const { figures } = row.statement
            return (
              <tr key={row.applicationId}>
                <td className="name">
                  <OpenApplication row={row} year={year} />
                  <div className="note">{row.tenantName}</div>
                </td>
                <td className="nowrap">
                  <Status quiet={row.state === 'UP'} state={stateGlyph[row.state]}>
                    {t(row.state)}
                  </Status>
                </td>
                <td className={`num strong ${figures.met ? '' : 'breach'}`}>{fractionPercent(figures.availability)}</td>
                <td>
                  <UsedBar row={row} />
                </td>
                <td className="num nowrap">{lasting(figures.countedMs, lang)}</td>
                <td className="num nowrap">{figures.unknownMs === 0 ? '0' : lasting(figures.unknownMs, lang)}</td>
                <td className="avail-strip-cell">
                  <YearStrip row={row} yearFrom={yearFrom} now={serverNow()} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function UsedBar({ row }: { row: AvailabilityRow }) {
  const t = useText(availabilityText)
  const { usedRatio, passedPercent } = row.burn
  const percent = Math.floor(usedRatio * 100)
  return (
    <div>
      <div className="row nowrap">
        <div className={usedRatio > 1 ? 'used-bar over' : 'used-bar'}>
          <i style={{ width: `${Math.min(100, percent)}%` }} />
        </div>
        <span className="second">{percent}%</span>
      </div>
      {passedPercent !== null && passedPercent >= 75 && (
        <div className={usedRatio > 1 ? 'note breach' : 'note risk'}>{t('passed', { n: passedPercent })}</div>
      )}
    </div>
  )
}

function Cards({ items, year, yearFrom }: Rows) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  return (
    <ul className="outage-cards phone-only">
      {items.map((row) => (
        <li key={row.applicationId} className="stack tight">
          <div className="row apart">
            <OpenApplication className="strong" row={row} year={year} />
            <b className={row.statement.figures.met ? '' : 'breach'}>{fractionPercent(row.statement.figures.availability)}</b>
          </div>
          <YearStrip row={row} yearFrom={yearFrom} now={serverNow()} />
          <div className="row apart second">
            <Status quiet={row.state === 'UP'} state={stateGlyph[row.state]}>
              {t(row.state)}
            </Status>
            <span>
              {t('counted')} {lasting(row.statement.figures.countedMs, lang)}
            </span>
          </div>
        </li>
      ))}
    </ul>
  )
}
