import type { AmountOutlook, CapacityOutlook, PoolOutlook } from '@changbai/contract/inventory.capacity.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../../shared/call.ts'
import { type Say, useLanguage, useText } from '../../../shared/text.ts'
import { count, listTime, percent, shortDay } from '../../../shared/time.ts'
import { Loaded, PageTitle, Sheet } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { amountKeys, amountText, amountWord } from '../words.tsx'
import { Plans } from './Plans.tsx'
import { Projects } from './Projects.tsx'

type T = typeof inventoryText extends { keys?: infer K extends string } ? Say<K> : never
const CHART = { width: 120, height: 28 }

/** What was taken week by week, under the line of what is usable; dotted below it what was measured. */
function Weeks({ amount, label }: { amount: AmountOutlook; label: string }) {
  const { weeks, usable, measured } = amount
  if (weeks.length < 2) return null
  const top = Math.max(usable, ...weeks.map(({ taken }) => taken), 1)
  const from = Date.parse(weeks[0]?.on ?? '')
  const whole = Math.max(1, Date.parse(weeks.at(-1)?.on ?? '') - from)
  const x = (n: number) => (n * CHART.width) / (weeks.length - 1)
  const seen = (measured?.weeks ?? []).filter(({ on }) => Date.parse(on) >= from)
  const y = (value: number) => CHART.height - (value / top) * (CHART.height - 2) - 1
  return (
    <svg role="img" aria-label={label} width={CHART.width} height={CHART.height} viewBox={`0 0 ${CHART.width} ${CHART.height}`}>
      <path d={`M0 ${y(usable)}H${CHART.width}`} stroke="var(--ink3)" strokeDasharray="3 3" />
      <path d={`M${weeks.map(({ taken }, n) => `${x(n)} ${y(taken)}`).join('L')}`} fill="none" stroke="var(--lake)" strokeWidth="1.5" />
      {seen.length > 1 && (
        <path
          d={`M${seen.map(({ on, taken }) => `${((Date.parse(on) - from) / whole) * CHART.width} ${y(taken)}`).join('L')}`}
          fill="none"
          stroke="var(--ink2)"
          strokeWidth="1.5"
          strokeDasharray="1.5 2.5"
        />
      )}
    </svg>
  )
}

function PoolSheet({ pool }: { pool: PoolOutlook }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const until = ({ exhaustedOn, perWeek }: Pick<AmountOutlook, 'exhaustedOn' | 'perWeek'>) =>
    exhaustedOn ? shortDay(exhaustedOn, lang) : t(perWeek === null ? 'capacityUnknown' : 'capacityNever')
  return (
    <Sheet flush title={<Link to={`/cloud/pools/${pool.id}`}>{pool.name}</Link>} note={`${pool.code} · ${pool.zone}`}>
      <div className="grid-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th />
              <th className="num">{t('usable')}</th>
              <th className="num">{t('capacityTaken')}</th>
              <th className="num">{t('capacityPerWeek')}</th>
              <th className="num">{t('capacityUntil')}</th>
              <th className="num">{t('capacityMeasured')}</th>
              <th className="num">{t('capacityMeasuredUntil')}</th>
              <th className="num">{t('capacityComing')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {pool.amounts.map((amount) => (
              <tr key={amount.what}>
                <td className="nowrap">{t(amountWord[amount.what])}</td>
                <td className="num">{amountText(amount.what, amount.usable)}</td>
                <td className="num">{amountText(amount.what, amount.taken)}</td>
                <td className="num">{amount.perWeek === null ? '—' : count(Math.round(amount.perWeek * 10) / 10)}</td>
                <td className="num">{amount.exhaustedOn ? <b>{until(amount)}</b> : <span className="second">{until(amount)}</span>}</td>
                <td className="num">
                  {amount.measured ? (
                    <>
                      {amountText(amount.what, Math.round(amount.measured.used))}
                      <div className="second">{t('capacityCovered', { share: percent(amount.measured.coverage) })}</div>
                    </>
                  ) : (
                    '—'
                  )}
                </td>
                <td className="num">{amount.measured ? <span className="second">{until(amount.measured)}</span> : '—'}</td>
                <td className="num">{amount.coming > 0 ? amountText(amount.what, amount.coming) : '—'}</td>
                <td>
                  <Weeks amount={amount} label={t('capacityTrend', { what: t(amountWord[amount.what]), n: amount.weeks.length })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  )
}

/** The page's answer: what runs out first. */
function titleOf(t: T, outlook: CapacityOutlook, dayOf: (on: string) => string): string {
  const ends = outlook.pools.flatMap((pool) =>
    pool.amounts.flatMap((amount) => (amount.exhaustedOn ? [{ pool: pool.name, amount, on: amount.exhaustedOn }] : [])),
  )
  const [first] = ends.toSorted((a, b) => (a.on < b.on ? -1 : 1))
  if (!first) return t('capacityNoDate')
  const what = t(amountWord[first.amount.what])
  if (first.amount.taken >= first.amount.usable) return t('capacityGone', { pool: first.pool, what })
  return t('capacityFirst', { pool: first.pool, what, on: dayOf(first.on) })
}

export function CapacityPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const query = useQuery(ask('capacity.outlook', {}))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(outlook) => (
          <>
            <PageTitle title={titleOf(t, outlook, (on) => shortDay(on, lang))} sentence={t('capacitySentence')} />
            <div className="split">
              <div className="stack">
                {outlook.pools.map((pool) => (
                  <PoolSheet key={pool.id} pool={pool} />
                ))}
                <Projects pools={outlook.pools} />
              </div>
              <div className="stack">
                <Sheet flush title={t('capacityDemands')}>
                  <ul className="list">
                    {outlook.demands.map((one) => (
                      <li key={one.id} className="row apart">
                        <span className="grow">
                          <Link to={one.link}>{one.title}</Link>
                          <div className="note">
                            {one.number} ·{' '}
                            {amountKeys
                              .filter((key) => (one.shortage[key] ?? 0) > 0)
                              .map((key) => `${t(amountWord[key])} ${amountText(key, one.shortage[key] ?? 0)}`)
                              .join(' · ')}
                          </div>
                        </span>
                        <span className="second">
                          {one.readyOn ? t('capacityReady', { on: shortDay(one.readyOn, lang) }) : listTime(one.since, lang)}
                        </span>
                      </li>
                    ))}
                    {outlook.demands.length === 0 && <li className="second">{t('capacityDemandNone')}</li>}
                  </ul>
                </Sheet>
                <Sheet flush title={t('capacityReservations')}>
                  <ul className="list">
                    {outlook.reservations.map((one) => (
                      <li key={one.id}>
                        <b>{one.label}</b>
                        <div className="note">
                          {one.poolName} · {listTime(one.reservedAt, lang)} ·{' '}
                          {amountKeys
                            .filter((key) => one.amounts[key] > 0)
                            .map((key) => `${t(amountWord[key])} ${amountText(key, one.amounts[key])}`)
                            .join(' · ')}
                        </div>
                      </li>
                    ))}
                    {outlook.reservations.length === 0 && <li className="second">{t('capacityReservationNone')}</li>}
                  </ul>
                </Sheet>
                <Plans />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
