import type { Bilingual } from '@changbai/contract/calendar.ts'
import type { ParameterValue } from '@changbai/contract/plan.ts'
import type { ParameterLine } from './document.ts'

/** Units of numbers as people read them; a unit that is not here is written as it is. */
const UNITS: Readonly<Record<string, Bilingual>> = {
  wd: { zh: '个工作日', en: 'working days' },
  day: { zh: '天', en: 'days' },
  h: { zh: '小时', en: 'h' },
  min: { zh: '分钟', en: 'min' },
  s: { zh: '秒', en: 's' },
  year: { zh: '年', en: 'years' },
  time: { zh: '次', en: 'times' },
  '%': { zh: '%', en: '%' },
  'day of month': { zh: '日', en: 'of the month' },
  weekday: { zh: '（1=周一）', en: '(1 = Monday)' },
}

/** `10wd` as 10 个工作日; natural time stays in ISO 8601. */
function wordsOfLimit(text: string): Bilingual {
  const [, amount = '', unit] = /^(\d+)(wd|bh)$/.exec(text) ?? []
  if (unit === 'wd') return { zh: `${amount} 个工作日`, en: `${amount} working day${amount === '1' ? '' : 's'}` }
  if (unit === 'bh') return { zh: `${amount} 个工作小时`, en: `${amount} business hour${amount === '1' ? '' : 's'}` }
  return { zh: text, en: text }
}

/** A value with its title in one line, e.g. `虚拟机分配：2 个工作日`. */
export function wordsOfValue({ title, kind, unit }: Pick<ParameterLine, 'title' | 'kind' | 'unit'>, value: ParameterValue): Bilingual {
  if (kind === 'STRUCTURE') return title
  if (kind === 'DURATION') {
    const limit = wordsOfLimit(String(value))
    return { zh: `${title.zh}：${limit.zh}`, en: `${title.en}: ${limit.en}` }
  }
  const words = UNITS[unit ?? ''] ?? { zh: unit ?? '', en: unit ?? '' }
  return { zh: `${title.zh}：${value} ${words.zh}`.trim(), en: `${title.en}: ${value} ${words.en}`.trim() }
}
