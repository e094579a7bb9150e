import { LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { listTime } from '../../shared/time.ts'

use([LineChart, GridComponent, TooltipComponent, MarkLineComponent, SVGRenderer])

export interface CurvePoint {
  at: string
  max: number
  mean: number
}
interface Props {
  label: string
  words: { max: string; mean: string }
  points: readonly CurvePoint[]
  unit: string
  bound: number | null
}
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Maximum and mean of each stretch, and the line the rule draws. Loaded when a curve is opened: charts are heavy. */
export default function CurveCanvas({ label, words, points, unit, bound }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current, null, { renderer: 'svg' })
    const text = colour('--text-2') || colour('--ink-2') || '#62706a'
    const line = (name: string, pick: (point: CurvePoint) => number, tint: string) => ({
      name,
      type: 'line' as const,
      symbol: 'none',
      lineStyle: { width: 1.5, color: tint },
      itemStyle: { color: tint },
      data: points.map((point) => [Date.parse(point.at), Number(pick(point).toPrecision(4))]),
    })
    const rule =
      bound === null
        ? {}
        : { markLine: { silent: true, symbol: 'none', data: [{ yAxis: bound }], lineStyle: { color: colour('--breach') || '#b43c32' } } }
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => `${String(value)} ${unit}`.trim() },
      xAxis: { type: 'time', axisLabel: { color: text, hideOverlap: true } },
      yAxis: { type: 'value', min: 0, axisLabel: { color: text } },
      series: [
        line(words.mean, (point) => point.mean, colour('--lake-2') || '#8fb5cb'),
        { ...line(words.max, (point) => point.max, colour('--lake') || '#175b86'), ...rule },
      ],
    })
    // drawn while the page is still being laid out, the box has no width yet: it follows the box, not the window
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(box.current)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [points, unit, bound, words.max, words.mean])
  const [first, last] = [points[0], points[points.length - 1]]
  const spoken = first && last ? `${label}: ${listTime(first.at)} – ${listTime(last.at)}` : label
  return <div ref={box} role="img" aria-label={spoken} style={{ width: '100%', height: 220 }} />
}
