import type { Annotation, MeasureSeries } from '@changbai/contract/telemetry.ts'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, percent, serverNow } from '../../shared/time.ts'
import { Button, Check, EmptyState, Loaded, Segments, Sheet } from '../../shared/ui/index.ts'
import { Chart } from './Chart.tsx'
import type { Line } from './draw.ts'
import { figure } from './format.ts'
import './telemetry.css'
import { telemetryText } from './telemetryText.ts'

const SPANS = ['1', '6', '24', '168', '720'] as const
type Span = (typeof SPANS)[number]
const HOUR_MS = 3_600_000

type Item = { measures: MeasureSeries[] }
const wordOf = (measure: MeasureSeries['measure']) => (measure === 'disk' ? 'disk_measure' : measure)

/** Values with a break wherever two steps are further apart than two. */
function pointsOf(series: MeasureSeries, field: 'avg' | 'max', stepSeconds: number, shiftMs: number): (readonly [number, number | null])[] {
  const points: (readonly [number, number | null])[] = []
  let before = Number.NaN
  for (const point of series.points) {
    const at = Date.parse(point.at) + shiftMs
    if (at - before > 2000 * stepSeconds) points.push([before + 1, null])
    points.push([at, point[field]])
    before = at
  }
  return points
}

/** How one server ran: every measure it reports, with peak, average and 95th percentile, what happened beside it, and the span before. */
export function MeasuresSheet({ itemId }: { itemId: string }) {
  const t = useText(telemetryText)
  const lang = useLanguage()
  const may = useMay()
  const [span, setSpan] = useState<Span>('24')
  const [isCompared, setCompared] = useState(false)
  const [zoom, setZoom] = useState<{ fromMs: number; toMs: number } | null>(null)
  // steps of a minute: the same question within a minute is the same question
  const nowMs = Math.floor(serverNow() / 60_000) * 60_000
  const { fromMs, toMs } = zoom ?? { fromMs: nowMs - Number(span) * HOUR_MS, toMs: nowMs }
  const input = (shiftMs: number) => ({
    itemId,
    from: new Date(fromMs - shiftMs).toISOString(),
    to: new Date(toMs - shiftMs).toISOString(),
  })
  const isAllowed = may('monitor.read:r') || may('monitor.read:R')
  const query = useQuery({ ...ask('telemetry.item', input(0)), enabled: isAllowed, refetchInterval: 60_000, placeholderData: (old) => old })
  const lengthMs = toMs - fromMs
  const before = useQuery({ ...ask('telemetry.item', input(lengthMs)), enabled: isAllowed && isCompared })
  if (!isAllowed) return null
  return (
    <Sheet
      title={t('measures')}
      note={t('peakHelp')}
      acts={
        <span className="row wrap">
          {zoom && (
            <Button size="small" onClick={() => setZoom(null)}>
              {t('wholeSpan')}
            </Button>
          )}
          <Segments
            label={t('span')}
            value={span}
            onChange={(chosen) => {
              setSpan(chosen)
              setZoom(null)
            }}
            options={SPANS.map((hours) => [hours, t(`span-${hours}`)] as const)}
          />
        </span>
      }
    >
      <Loaded query={query} rows={4}>
        {(data) =>
          data.measures.length === 0 ? (
            <EmptyState title={t('noMeasures')}>{t('noMeasuresHelp')}</EmptyState>
          ) : (
            <>
              <Check checked={isCompared} onChange={setCompared}>
                {t('compare')}
              </Check>
              <div className="measures">
                {data.measures.map((series) => (
                  <MeasureChart
                    key={series.measure}
                    series={series}
                    before={isCompared ? before.data : undefined}
                    stepSeconds={data.stepSeconds}
                    span={{ fromMs, toMs }}
                    annotations={data.annotations}
                    onZoom={setZoom}
                    lang={lang}
                  />
                ))}
              </div>
            </>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function MeasureChart({
  series,
  before,
  stepSeconds,
  span: { fromMs, toMs },
  annotations,
  onZoom,
  lang,
}: {
  series: MeasureSeries
  before: Item | undefined
  stepSeconds: number
  span: { fromMs: number; toMs: number }
  annotations: readonly Annotation[]
  onZoom: (span: { fromMs: number; toMs: number }) => void
  lang: ReturnType<typeof useLanguage>
}) {
  const t = useText(telemetryText)
  const name = t(wordOf(series.measure))
  const drawing = useMemo(() => {
    const old = before?.measures.find(({ measure }) => measure === series.measure)
    const lines: Line[] = [
      { name: t('average'), points: pointsOf(series, 'avg', stepSeconds, 0), look: 'main' },
      ...(stepSeconds > 300 ? [{ name: t('peak'), points: pointsOf(series, 'max', stepSeconds, 0), look: 'band' as const }] : []),
      ...(old ? [{ name: t('previous'), points: pointsOf(old, 'avg', stepSeconds, toMs - fromMs), look: 'before' as const }] : []),
    ]
    return {
      unit: series.unit,
      fromMs,
      toMs,
      lines,
      annotations: annotations.map((one) => ({ ...one, word: `${t(one.kind)} ${one.label}` })),
      peakWord: t('peak'),
      onZoom: (from: number, to: number) => {
        const next = { fromMs: Math.floor(from / 60_000) * 60_000, toMs: Math.ceil(to / 60_000) * 60_000 }
        if (next.toMs - next.fromMs < toMs - fromMs && next.toMs - next.fromMs >= 300_000) onZoom(next)
      },
    }
  }, [series, before, stepSeconds, fromMs, toMs, annotations, onZoom, t])
  return (
    <div>
      <div className="row wrap measure-head">
        <h3>{name}</h3>
        <span className="note num">
          {t('peak')} <b>{figure(series.peak, series.unit)}</b> ({listTime(series.peakAt, lang)}) · {t('average')}{' '}
          <b>{figure(series.average, series.unit)}</b> · {t('p95')} <b>{figure(series.p95, series.unit)}</b>
          {series.coverage < 0.95 && ` · ${t('coverage', { percent: percent(series.coverage, 0) })}`}
        </span>
      </div>
      <Chart drawing={drawing} label={t('chart', { name })} />
    </div>
  )
}
