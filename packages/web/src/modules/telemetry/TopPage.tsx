import type { MeasureId } from '@changbai/contract/telemetry.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { percent, serverNow } from '../../shared/time.ts'
import { EmptyState, Loaded, PageTitle, Segments, SelectField, Sheet } from '../../shared/ui/index.ts'
import { figure } from './format.ts'
import './telemetry.css'
import { telemetryText } from './telemetryText.ts'

const MEASURES: readonly MeasureId[] = [
  'cpu',
  'memory',
  'disk',
  'networkIn',
  'networkOut',
  'diskRead',
  'diskWrite',
  'connections',
  'load',
  'temperature',
  'power',
]
const FIGURES = ['peak', 'average', 'p95'] as const
const SPANS = ['1', '24', '168', '720'] as const
const HOUR_MS = 3_600_000

/** Servers by one measure: who is busiest, who hardly works. */
export function TopPage() {
  const t = useText(telemetryText)
  const [measure, setMeasure] = useState<MeasureId>('cpu')
  const [by, setBy] = useState<(typeof FIGURES)[number]>('peak')
  const [span, setSpan] = useState<(typeof SPANS)[number]>('24')
  const toMs = Math.floor(serverNow() / 300_000) * 300_000
  const from = new Date(toMs - Number(span) * HOUR_MS).toISOString()
  const query = useQuery(ask('telemetry.top', { measure, by, from, to: new Date(toMs).toISOString(), limit: 50 }))
  return (
    <div className="page">
      <PageTitle title={t('top')} sentence={t('topSentence')} />
      <div className="stack">
        <Sheet screenOnly>
          <div className="row wrap">
            <SelectField
              label={t('measure')}
              value={measure}
              onChange={(chosen) => setMeasure(chosen as MeasureId)}
              options={MEASURES.map((one) => [one, t(one === 'disk' ? 'disk_measure' : one)] as const)}
            />
            <Segments label={t('by')} value={by} onChange={setBy} options={FIGURES.map((one) => [one, t(one)] as const)} />
            <Segments
              label={t('span')}
              value={span}
              onChange={setSpan}
              options={SPANS.map((hours) => [hours, t(`span-${hours}`)] as const)}
            />
          </div>
        </Sheet>
        <Loaded query={query} rows={8}>
          {({ items, unit, servers }) => (
            <Sheet flush note={t('looked', { servers, ranked: items.length })} title={t(measure === 'disk' ? 'disk_measure' : measure)}>
              {items.length === 0 ? (
                <EmptyState title={t('noneRanked')}>{t('noMeasuresHelp')}</EmptyState>
              ) : (
                <div className="grid-scroll">
                  <table className="grid">
                    <thead>
                      <tr>
                        <th>{t('server')}</th>
                        <th>{t('application')}</th>
                        <th className="num">{t('peak')}</th>
                        <th className="num">{t('average')}</th>
                        <th className="num">{t('p95')}</th>
                        <th className="num">{t('covered')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((row) => (
                        <tr key={row.itemId}>
                          <td>
                            <Link to={`/cloud/servers/${row.itemId}`}>{row.name}</Link>
                          </td>
                          <td>{row.applicationName ?? '—'}</td>
                          <td className="num">{figure(row.peak, unit)}</td>
                          <td className="num">{figure(row.average, unit)}</td>
                          <td className="num">{figure(row.p95, unit)}</td>
                          <td className="num">{percent(row.coverage, 0)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Sheet>
          )}
        </Loaded>
      </div>
    </div>
  )
}
