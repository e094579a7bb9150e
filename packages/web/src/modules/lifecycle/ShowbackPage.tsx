import type { Showback } from '@changbai/contract/lifecycle.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { ask, download } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, percent, today } from '../../shared/time.ts'
import { Button, ButtonLink, EmptyState, Loaded, PageTitle, ProblemAlert, SelectField, Sheet, useAct } from '../../shared/ui/index.ts'
import { lifecycleText } from './lifecycleText.ts'

const MONTHS_SHOWN = 13
/** The months before and with this one, newest first. */
function recentMonths(): string[] {
  const [year = 2026, month = 1] = today().split('-').map(Number)
  return Array.from({ length: MONTHS_SHOWN }, (_, back) => {
    const index = year * 12 + (month - 1) - back
    return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
  })
}
const money = (cents: number): string => (cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** What everything held in a month weighs, by bureau. */
export function ShowbackPage() {
  const say = useText(lifecycleText)
  const lang = useLanguage()
  const may = useMay()
  const months = recentMonths()
  const [month, setMonth] = useState(months[0] as string)
  const query = useQuery(ask('lifecycle.showback', { month }))
  const { busy, error, run } = useAct()
  const sentence = ({ bureaus, totalCents, unit, upTo }: Showback) => {
    const [first] = bureaus
    if (!first) return say('showbackNone', { month })
    const words = { month, total: money(totalCents), unit: pick(unit, lang), n: bureaus.length }
    return upTo
      ? say('showbackRunning', { ...words, at: listTime(upTo, lang) })
      : say('showbackSentence', { ...words, first: first.name || say('house'), share: percent(first.share) })
  }
  return (
    <div className="page">
      <PageTitle
        title={say('showback')}
        sentence={query.data && sentence(query.data)}
        acts={
          <>
            <SelectField label={say('month')} value={month} options={months.map((one) => [one, one] as const)} onChange={setMonth} />
            {may('plan.read:R') && <ButtonLink to={'/plan/parameters/showback.prices' as string}>{say('prices')}</ButtonLink>}
            <Button kind="primary" busy={busy} onClick={() => void run(() => download('lifecycle.exportShowback', { month }))}>
              {say('exportSheet')}
            </Button>
          </>
        }
      />
      <ProblemAlert error={error} />
      <Loaded query={query} rows={6}>
        {(data) =>
          data.bureaus.length === 0 ? (
            <Sheet>
              <EmptyState title={say('showbackNone', { month })} />
            </Sheet>
          ) : (
            <div className="stack">
              <Sheet flush note={say('showbackNote')} title={data.month}>
                <div className="grid-scroll">
                  <table className="grid">
                    <thead>
                      <tr>
                        <th>{say('bureau')}</th>
                        <th className="num">{say('quantity')}</th>
                        <th className="num">{say('price')}</th>
                        <th className="num">
                          {say('weight')} {pick(data.unit, lang)}
                        </th>
                        <th className="num">{say('share')}</th>
                      </tr>
                    </thead>
                    {data.bureaus.map((bureau) => (
                      <Bureau key={bureau.tenantId ?? ''} bureau={bureau} />
                    ))}
                  </table>
                </div>
              </Sheet>
            </div>
          )
        }
      </Loaded>
    </div>
  )
}

function Bureau({ bureau }: { bureau: Showback['bureaus'][number] }) {
  const say = useText(lifecycleText)
  const [open, setOpen] = useState<string | null>(null)
  return (
    <tbody>
      <tr>
        <td>
          <b>{bureau.name || say('house')}</b>
        </td>
        <td />
        <td />
        <td className="num">
          <b>{money(bureau.weightCents)}</b>
        </td>
        <td className="num">{percent(bureau.share)}</td>
      </tr>
      {bureau.applications.map((application) => {
        const key = application.applicationId ?? ''
        return (
          <Fragment key={key}>
            <tr>
              <td style={{ paddingLeft: 32 }}>
                <button type="button" className="link" aria-expanded={open === key} onClick={() => setOpen(open === key ? null : key)}>
                  {open === key ? '▾' : '▸'} {application.name || say('noApplication')}
                </button>{' '}
                {application.applicationId && (
                  <Link className="second" to={`/cloud/applications/${application.applicationId}/lifecycle` as string}>
                    {say('lifecycle')}
                  </Link>
                )}
              </td>
              <td />
              <td />
              <td className="num">{money(application.weightCents)}</td>
              <td />
            </tr>
            {open === key &&
              application.lines.map((line) => (
                <tr key={line.key} className="second">
                  <td style={{ paddingLeft: 56 }}>{say(`p_${line.key}`)}</td>
                  <td className="num">{line.quantity.toLocaleString('en-US', { maximumFractionDigits: 2 })}</td>
                  <td className="num">{line.price.toLocaleString('en-US')}</td>
                  <td className="num">{money(line.weightCents)}</td>
                  <td />
                </tr>
              ))}
          </Fragment>
        )
      })}
    </tbody>
  )
}
