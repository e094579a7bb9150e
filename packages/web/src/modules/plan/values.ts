import type { ParameterValue } from '@changbai/contract/plan.ts'
import type { Language } from '../../shared/text.ts'

const units: Record<string, { zh: string; en: string }> = {
  wd: { zh: '个工作日', en: 'working days' },
  bh: { zh: '个办公小时', en: 'business hours' },
}

const unitWords: Record<string, { zh: string; en: string }> = {
  day: { zh: '天', en: 'd' },
  year: { zh: '年', en: 'y' },
  h: { zh: '小时', en: 'h' },
  wd: { zh: '个工作日', en: 'working days' },
  time: { zh: '次', en: 'times' },
  'day of month': { zh: '日（每月）', en: 'of the month' },
  weekday: { zh: '（星期）', en: '(weekday)' },
  probe: { zh: '个探测点', en: 'probes' },
  level: { zh: '级', en: 'levels' },
  point: { zh: '分', en: 'points' },
  class: { zh: '类', en: 'classes' },
  character: { zh: '位', en: 'characters' },
  application: { zh: '个应用', en: 'applications' },
  min: { zh: '分', en: 'min' },
  s: { zh: '秒', en: 's' },
}
/** `judgement` alone says no more than the kind does. */
export const wordSource = (kindWord: string, ref: string): string => (ref === '' || ref === 'judgement' ? kindWord : `${kindWord} ${ref}`)

/** A plain limit or value as people say it: `2wd` -> 2 个工作日. */
export function wordPlain(value: ParameterValue, lang: Language, unit: string | null = null): string {
  if (typeof value === 'boolean') return lang === 'en-US' ? (value ? 'Yes' : 'No') : value ? '是' : '否'
  if (typeof value === 'number') {
    const word = unit ? (unitWords[unit]?.[lang === 'en-US' ? 'en' : 'zh'] ?? unit) : ''
    return `${value.toLocaleString('en-US')}${word === '%' ? '%' : word && ` ${word}`}`
  }
  if (typeof value === 'string') {
    const limit = /^(\d+)(wd|bh)$/.exec(value)
    if (limit) return `${limit[1]} ${lang === 'en-US' ? units[limit[2] ?? '']?.en : units[limit[2] ?? '']?.zh}`
    const natural = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(value)
    if (natural) {
      const [d, h, m] = lang === 'en-US' ? [' d', ' h', ' min'] : [' 天', ' 小时', ' 分']
      return [natural[1] && `${natural[1]}${d}`, natural[2] && `${natural[2]}${h}`, natural[3] && `${natural[3]}${m}`]
        .filter(Boolean)
        .join(' ')
    }
    return unit ? `${value} ${unit}` : value
  }
  if (value === null) return '—'
  return JSON.stringify(value)
}
