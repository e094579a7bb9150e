import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import { fractionPercent } from '@changbai/verify/availability/figures.ts'
import type { Language } from '../../shared/text.ts'

/** The same of the second reading, from the server's milliseconds. */
export const withPlannedPercent = ({ figures }: AvailabilityRow['statement']): string => {
  const below = figures.availability.split('/')[1] ?? '1'
  return fractionPercent(`${BigInt(below) - BigInt(figures.withPlannedMs)}/${below}`)
}

/** Minutes and seconds, as the budget is written: 148 分 18 秒. Thousandths are cut. */
export function lasting(ms: number, lang: Language): string {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const [m, s] = lang === 'en-US' ? [' min', ' s'] : [' 分', ' 秒']
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}${s}`
  return seconds % 60 === 0 ? `${minutes.toLocaleString('en-US')}${m}` : `${minutes.toLocaleString('en-US')}${m} ${seconds % 60}${s}`
}

/** One side of the bounds: how many seconds it may have been earlier. */
export const boundSeconds = (lo: string, at: string): string => {
  const seconds = (Date.parse(at) - Date.parse(lo)) / 1000
  return seconds === 0 ? '0' : `−${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)}`
}
export const monthName = (month: string, lang: Language): string => {
  const n = Number(month.slice(5))
  return lang === 'zh-CN' ? `${n} 月` : new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, n - 1, 1))
}
