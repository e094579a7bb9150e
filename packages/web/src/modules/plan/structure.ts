import type { ParameterValue } from '@changbai/contract/plan.ts'
import type { Language } from '../../shared/text.ts'
import { codeWord, fieldWord } from './structureWords.ts'
import { wordPlain } from './values.ts'

export type Fields = Record<string, ParameterValue>
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isClock = (value: unknown): value is string => typeof value === 'string' && /^\d\d:\d\d$/.test(value)
const isSpan = (value: unknown): value is [string, string] => Array.isArray(value) && value.length === 2 && value.every(isClock)
const isText = (value: unknown): value is string => typeof value === 'string'

/** `{zh, en}` of an entry is one field to the reader, its name; a text in two languages is one text. */
export function readable(entry: Fields, lang: Language): Fields {
  const { zh, en, ...rest } = entry
  const own = lang === 'en-US' ? en : zh
  return own === undefined ? rest : { name: own, ...rest }
}
const isBoth = (value: Fields): boolean => isText(value['zh']) && isText(value['en']) && Object.keys(value).length === 2

/** The fields a list of entries shows, in the order in which they first occur; the name first, then what tells the entries apart. */
export function columnsOf(entries: readonly Fields[]): string[] {
  const first = [
    'severity',
    'rule',
    'name',
    'code',
    'kind',
    'group',
    'subject',
    'days',
    'all',
    'responseMinutes',
    'planMinutes',
    'resolveMinutes',
  ]
  const all = [...new Set(entries.flatMap((entry) => Object.keys(entry)))]
  return [...first.filter((name) => all.includes(name)), ...all.filter((name) => !first.includes(name))]
}

const minutes = (value: number, lang: Language): string => {
  const whole = value % 60 === 0 && value >= 60
  return whole ? `${value / 60}${lang === 'en-US' ? ' h' : ' 小时'}` : `${value}${lang === 'en-US' ? ' min' : ' 分'}`
}

/** One field of an entry in words: `{metric: cpuPeakPercent, atMost: 3}` -> CPU 峰值 % ≤ 3. */
export function wordField(name: string, value: ParameterValue | undefined, lang: Language): string {
  if (value === undefined || value === null) return '—'
  if (typeof value === 'number')
    return name.endsWith('Minutes') ? minutes(value, lang) : name.endsWith('Percent') ? `${value}%` : `${value}`
  if (isText(value)) return codeWord(wordPlain(value, lang), lang)
  if (typeof value === 'boolean') return wordPlain(value, lang)
  if (Array.isArray(value)) {
    const spread = value.some(isFields) ? (lang === 'en-US' ? '; ' : '；') : lang === 'en-US' ? ', ' : '、'
    return value.map((one) => (isSpan(one) ? one.join('–') : wordField(name, one, lang))).join(spread)
  }
  if (isBoth(value)) return wordField(name, value[lang === 'en-US' ? 'en' : 'zh'], lang)
  return wordEntry(value, lang)
}

const bounds: Record<string, string> = { atMost: '≤', below: '<', above: '>' }
function wordEntry(entry: Fields, lang: Language): string {
  const shown = readable(entry, lang)
  const bound = Object.keys(bounds).find((name) => name in shown)
  if (isText(shown['metric']) && bound) return `${codeWord(shown['metric'], lang)} ${bounds[bound]} ${shown[bound]}`
  if (isText(shown['name'])) return shown['name']
  return Object.entries(shown)
    .map(([name, value]) => `${fieldWord(name, lang)} ${wordField(name, value, lang)}`)
    .join(lang === 'en-US' ? ', ' : '，')
}

/** A structure in one line: spans and plain lists in full, entries by their number. */
export function wordStructure(value: ParameterValue, unit: string | null, lang: Language): string {
  if (isSpan(value)) return value.join('–')
  if (Array.isArray(value)) {
    if (value.some(isFields)) return lang === 'en-US' ? `${value.length} entries` : `${value.length} 项`
    return value.map((one) => (isSpan(one) ? one.join('–') : wordPlain(one, lang, unit))).join(lang === 'en-US' ? ', ' : '、')
  }
  return isFields(value) ? wordEntry(value, lang) : wordPlain(value, lang, unit)
}

/** Any value of a parameter in one line. */
export const wordValue = (value: ParameterValue, unit: string | null, lang: Language): string =>
  typeof value === 'object' && value !== null ? wordStructure(value, unit, lang) : wordPlain(value, lang, unit)

const nameOf = (entry: Fields, index: number): string => {
  const own = entry['code'] ?? entry['severity'] ?? entry['rule'] ?? entry['key']
  return isText(own) ? own : `${index + 1}`
}

/** What one structure says otherwise than another, a line each: `II · 响应：10 分 → 15 分`. Entries are matched by what names them, not by place. */
export function wordDifferences(before: ParameterValue, after: ParameterValue, lang: Language): string[] {
  const entries = (value: ParameterValue): Map<string, Fields> | null =>
    Array.isArray(value) && value.length > 0 && value.every(isFields)
      ? new Map(value.map((entry, index) => [nameOf(entry, index), entry]))
      : null
  const was = entries(before)
  const is = entries(after)
  if (was && is) {
    const names = [...new Set([...was.keys(), ...is.keys()])]
    return names.flatMap((name) => {
      const [old, now] = [was.get(name), is.get(name)]
      if (!old) return [lang === 'en-US' ? `${name} added` : `新增 ${name}`]
      if (!now) return [lang === 'en-US' ? `${name} removed` : `去掉 ${name}`]
      return fieldDifferences(old, now, lang).map((line) => `${codeWord(name, lang)} · ${line}`)
    })
  }
  if (isFields(before) && isFields(after)) return fieldDifferences(before, after, lang)
  const [old, now] = [wordStructure(before, null, lang), wordStructure(after, null, lang)]
  return old === now ? [] : [`${old} → ${now}`]
}
function fieldDifferences(old: Fields, now: Fields, lang: Language): string[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return names
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .map((name) => `${fieldWord(name, lang)} ${wordField(name, old[name], lang)} → ${wordField(name, now[name], lang)}`)
}
