import type { ReportChart } from '@changbai/contract/report.shapes.ts'
import { pick, useLanguage } from '../../shared/text.ts'

const WIDTH = 560
const HEIGHT = 200
const PLOT = { left: 44, right: 8, top: 10, bottom: 24 }

/** The same roundness as the picture in the document. */
function ceilingOf(highest: number): number {
  if (highest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= highest) ?? 10 * power
}
const short = (value: number): string =>
  value >= 1e6 ? `${+(value / 1e6).toFixed(1)}M` : value >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : String(+value.toFixed(2))

/** Bars or lines of a report; the figures themselves stand in its tables and in the workbook. */
export function Chart({ chart }: { chart: ReportChart }) {
  const lang = useLanguage()
  const width = WIDTH - PLOT.left - PLOT.right
  const height = HEIGHT - PLOT.top - PLOT.bottom
  const top = ceilingOf(Math.max(0, ...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0))))
  const y = (value: number) => PLOT.top + height - (Math.max(0, value) / top) * height
  const slot = width / Math.max(1, chart.labels.length)
  const title = pick(chart.title, lang)
  return (
    <figure className="report-chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <g key={part}>
            <line x1={PLOT.left} x2={WIDTH - PLOT.right} y1={y(top * part)} y2={y(top * part)} className="report-grid" />
            <text x={PLOT.left - 6} y={y(top * part) + 4} textAnchor="end">
              {short(top * part)}
            </text>
          </g>
        ))}
        {chart.labels.map((label, at) => (
          <text key={label} x={PLOT.left + slot * (at + 0.5)} y={HEIGHT - 6} textAnchor="middle">
            {at % 2 === 0 || chart.labels.length < 8 ? label : ''}
          </text>
        ))}
        {chart.series.map(({ name, values }, index) =>
          chart.kind === 'bar' ? (
            <g key={name.zh} className={`report-series series-${index % 6}`}>
              {values.map((value, at) => {
                const bar = (slot * 0.7) / chart.series.length
                return value === null ? null : (
                  <rect
                    key={chart.labels[at]}
                    x={PLOT.left + slot * (at + 0.15) + bar * index}
                    y={y(value)}
                    width={Math.max(1, bar - 1)}
                    height={PLOT.top + height - y(value)}
                  />
                )
              })}
            </g>
          ) : (
            <polyline
              key={name.zh}
              className={`report-line series-${index % 6}`}
              points={values.flatMap((value, at) => (value === null ? [] : [`${PLOT.left + slot * (at + 0.5)},${y(value)}`])).join(' ')}
            />
          ),
        )}
      </svg>
      <figcaption className="note">
        {title}
        {lang === 'zh-CN' && `（${chart.unit}）`}
        {chart.series.length > 1 &&
          chart.series.map(({ name }, index) => (
            <span key={name.zh} className={`report-key series-${index % 6}`}>
              {pick(name, lang)}
            </span>
          ))}
      </figcaption>
    </figure>
  )
}
