import type { Calculation, DraftContent } from '@changbai/contract/forms.ts'
import { groupOf, numberOf, rowsOf } from '@changbai/contract/gaps.ts'

/** Up to three decimals, without the dust of binary fractions. */
export const tidy = (value: number): number => Math.round(value * 1000) / 1000
/** Rounds up, but not because of binary dust: 860 / 172 is 5, not 6. */
export const ceilTidy = (value: number): number => Math.ceil(value - 1e-9)

const shown = (value: number | null, unit = ''): string => (value === null ? '?' : `${value}${unit}`)

/**
 * Application servers needed: peak transactions over what one node does at the target load, rounded up, plus spares.
 * @returns null until every number is there and positive
 * @clause 4.2-2
 */
export function serversFor(
  peakTps: number | null,
  perNodeTps: number | null,
  targetCpuPct: number | null,
  spare: number | null,
): number | null {
  if (peakTps === null || !perNodeTps || !targetCpuPct || perNodeTps < 0 || targetCpuPct < 0 || peakTps < 0) return null
  return ceilTidy((peakTps * 100) / (perNodeTps * targetCpuPct)) + (spare ?? 0)
}

/**
 * Log space: a day's logs times the days kept times the reserve, GiB.
 * @clause 4.2-2
 */
export function logSpaceGiB(dailyGiB: number | null, retentionDays: number | null, redundancyPct: number | null): number | null {
  if (dailyGiB === null || retentionDays === null) return null
  return tidy((dailyGiB * retentionDays * (100 + (redundancyPct ?? 0))) / 100)
}

/** Year-end sums of what is added each year, GiB; a year without a figure adds nothing. */
export function yearEndSums(rows: readonly { year: number | null; addGiB: number | null }[]): { at: string; value: number }[] {
  let sum = 0
  return rows.map(({ year, addGiB }) => {
    sum = tidy(sum + (addGiB ?? 0))
    return { at: year === null ? '—' : String(year), value: sum }
  })
}

/** Growth from now to the forecast, percent to one decimal; null without a figure to start from. */
export const growthPct = (now: number | null, forecast: number | null): number | null =>
  !now || forecast === null ? null : Math.round(((forecast - now) / now) * 1000) / 10

/** The calculations of the catalogue with the person's own numbers. */
export function catalogCalculations(content: DraftContent, kind: 'NEW' | 'EXPANSION'): Calculation[] {
  if (kind === 'EXPANSION') return [expansionCalculation(content)]
  const capacity = groupOf(content, 'capacity')
  const servers = groupOf(content, 'appServerEstimate')
  const log = groupOf(content, 'logEstimate')
  const [tps, perNode, target, spare] = [capacity.tps, servers.perNodeTps, servers.targetCpuPct, servers.spareNodes].map(numberOf)
  const [daily, days, redundancy] = [log.dailyGiB, log.retentionDays, log.redundancyPct].map(numberOf)
  const years = rowsOf(content, 'storageExpansionPlan').map((row) => ({ year: numberOf(row.year), addGiB: numberOf(row.addGiB) }))
  const series = yearEndSums(years)
  return [
    {
      key: 'SERVERS',
      section: '4.2',
      formula: `⌈${shown(tps ?? null)} ÷ (${shown(perNode ?? null)} × ${shown(target ?? null, '%')})⌉ + ${shown(spare ?? 0)}`,
      explanation: {
        zh: '峰值事务 ÷ 单台在目标 CPU 下的能力，向上取整，加冗余',
        en: 'Peak transactions over what one node does at the target CPU, rounded up, plus spares',
      },
      result: serversFor(tps ?? null, perNode ?? null, target ?? null, spare ?? null),
      unit: '台',
      fills: 'appServerEstimate.nodes',
      series: [],
    },
    {
      key: 'STORAGE_GROWTH',
      section: '4.3',
      formula: years.length === 0 ? '?' : years.map((one) => shown(one.addGiB)).join(' + '),
      explanation: { zh: '逐年新增相加，即年末累计', en: 'What each year adds, summed: the year-end total' },
      result: series.at(-1)?.value ?? null,
      unit: 'GiB',
      fills: null,
      series,
    },
    {
      key: 'LOG_SPACE',
      section: '4.5',
      formula: `${shown(daily ?? null)} × ${shown(days ?? null)} × ${shown(tidy(1 + (redundancy ?? 0) / 100))}`,
      explanation: { zh: '每日日志 × 保留天数 ×（1 + 冗余）', en: 'Logs a day × days kept × (1 + reserve)' },
      result: logSpaceGiB(daily ?? null, days ?? null, redundancy ?? null),
      unit: 'GiB',
      fills: null,
      series: [],
    },
  ]
}

function expansionCalculation(content: DraftContent): Calculation {
  const now = numberOf(groupOf(content, 'currentVolume').tps)
  const forecast = numberOf(groupOf(content, 'forecastVolume').tps)
  return {
    key: 'EXPANSION',
    section: '5.3',
    formula: `(${shown(forecast)} − ${shown(now)}) ÷ ${shown(now)}`,
    explanation: { zh: '业务量增长率（按每秒事务）', en: 'Growth of the volume (transactions per second)' },
    result: growthPct(now, forecast),
    unit: '%',
    fills: 'forecastVolume.growthRatePct',
    series: [],
  }
}
