import type { Annotation, MeasureUnit } from '@changbai/contract/telemetry.ts'
import { LineChart } from 'echarts/charts'
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { connect, type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { clock, listTime } from '../../shared/time.ts'
import { figure } from './format.ts'

use([LineChart, GridComponent, TooltipComponent, DataZoomComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer])

export interface Line {
  name: string
  /** Instants in milliseconds; a null breaks the line where nothing was measured. */
  points: readonly (readonly [at: number, value: number | null])[]
  look: 'main' | 'band' | 'before'
}
export interface Drawing {
  unit: MeasureUnit
  fromMs: number
  toMs: number
  lines: readonly Line[]
  annotations: readonly (Annotation & { word: string })[]
  peakWord: string
  onZoom: (fromMs: number, toMs: number) => void
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
const DAY_MS = 86_400_000

function optionOf({ unit, fromMs, toMs, lines, annotations }: Drawing): EChartsCoreOption {
  const ink = colour('ink3')
  const lineColour = { main: colour('lake'), band: colour('lake-line'), before: colour('none-fill') }
  const isLong = toMs - fromMs > 2 * DAY_MS
  return {
    animation: false,
    textStyle: { fontFamily: colour('font-sans'), fontSize: 11, color: ink },
    grid: { left: 8, right: 12, top: 10, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colour('paper'),
      borderColor: colour('line-strong'),
      textStyle: { color: colour('ink'), fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? figure(value, unit) : '—'),
      axisPointer: { label: { formatter: ({ value }: { value: number }) => listTime(value) } },
    },
    xAxis: {
      type: 'time',
      min: fromMs,
      max: toMs,
      axisLine: { lineStyle: { color: colour('line-strong') } },
      splitLine: { show: false },
      axisLabel: { color: ink, hideOverlap: true, formatter: (value: number) => (isLong ? listTime(value).split(' ')[0] : clock(value)) },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...(unit === 'ratio' ? { max: 1 } : {}),
      splitNumber: 4,
      splitLine: { lineStyle: { color: colour('line') } },
      axisLabel: { color: ink, formatter: (value: number) => figure(value, unit) },
    },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, filterMode: 'none' }],
    series: lines.map(({ name, points, look }, i) => ({
      name,
      type: 'line',
      data: points,
      showSymbol: false,
      lineStyle: { width: look === 'main' ? 1.6 : 1, color: lineColour[look], ...(look === 'before' ? { type: 'dashed' } : {}) },
      itemStyle: { color: lineColour[look] },
      ...(i === 0
        ? {
            markArea: {
              silent: true,
              label: { color: ink, fontSize: 10 },
              data: annotations.map(({ from, to, word, kind }) => [
                {
                  name: word,
                  xAxis: Date.parse(from),
                  itemStyle: { color: colour(kind === 'OUTAGE' ? 'breach-bg' : 'lake-bg'), opacity: 0.7 },
                },
                { xAxis: to ? Date.parse(to) : toMs },
              ]),
            },
          }
        : {}),
    })),
  }
}

/** Draws into the box and redraws on `draw`; several boxes of one group share their pointer. @returns the way to let go */
export function openChart(box: HTMLElement): { draw: (drawing: Drawing) => void; close: () => void } {
  const chart = init(box, null, { renderer: 'canvas' })
  chart.group = 'measures'
  connect('measures')
  let current: Drawing | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  chart.on('datazoom', () => {
    clearTimeout(timer)
    // the wheel turns in small steps: the server is asked once it stands still
    timer = setTimeout(() => {
      const [zoom] = (chart.getOption() as { dataZoom?: { startValue?: number; endValue?: number }[] }).dataZoom ?? []
      if (current && zoom?.startValue !== undefined && zoom.endValue !== undefined) current.onZoom(zoom.startValue, zoom.endValue)
    }, 500)
  })
  const watch = new ResizeObserver(() => chart.resize())
  watch.observe(box)
  return {
    draw(drawing) {
      current = drawing
      chart.setOption(optionOf(drawing), true)
    },
    close() {
      clearTimeout(timer)
      watch.disconnect()
      chart.dispose()
    },
  }
}
