import type { Parameter, ParameterValue } from '@changbai/contract/plan.ts'
import type { Language } from '../../shared/text.ts'

const units: Record<string, { zh: string; en: string }> = {
  wd: { zh: '个工作日', en: 'working days' },
  bh: { zh: '个办公小时', en: 'business hours' },
}

/** A limit or value as people say it: `2wd` -> 2 个工作日. Structures are shown as they are. */
export function wordValue(value: ParameterValue, unit: string | null, lang: Language): string {
  if (typeof value === 'boolean') return lang === 'en-US' ? (value ? 'Yes' : 'No') : value ? '是' : '否'
  if (typeof value === 'number') return `${value.toLocaleString('en-US')}${unit ? ` ${unit}` : ''}`
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
export const isShort = (parameter: Pick<Parameter, 'kind'>): boolean => parameter.kind !== 'STRUCTURE'
