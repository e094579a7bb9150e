import type { Language } from '../../shared/text.ts'
import { serverNow } from '../../shared/time.ts'

const HOUR = 3_600_000

/** How long something has been waiting, in the largest unit that says it. */
export function ageWords(since: string, lang: Language): string {
  const ms = Math.max(0, serverNow() - Date.parse(since))
  const days = Math.floor(ms / (24 * HOUR))
  const hours = Math.floor(ms / HOUR)
  const minutes = Math.floor(ms / 60_000)
  if (ms < 60_000) return lang === 'en-US' ? 'under a minute' : '不到 1 分钟'
  if (lang === 'en-US') return days > 0 ? `${days} d` : hours > 0 ? `${hours} h` : `${minutes} min`
  return days > 0 ? `${days} 天` : hours > 0 ? `${hours} 小时` : `${minutes} 分钟`
}
