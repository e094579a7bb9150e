import {
  attrsOf,
  type ChangedAttr,
  type ChangedKind,
  type ChangeForm,
  type ChangeItem,
  type StandardChange,
} from '@changbai/contract/change.shapes.ts'
import type { Bilingual } from '@changbai/contract/form-words.ts'

/** A thing as the inventory has it, as far as a change needs it. */
export interface Thing {
  id: string
  kind: ChangedKind
  name: string
  isPhysical: boolean
  values: Readonly<Record<string, unknown>>
}

/** What is done, not set: there is no value now. */
const DEEDS: readonly ChangedAttr[] = ['restart', 'snapshot', 'other']

/** The recorded value of an attribute as text; lists as JSON. */
export function valueNow(thing: Thing, attr: ChangedAttr): string {
  if (DEEDS.includes(attr)) return ''
  if (attr === 'image') return String(thing.values.os ?? '')
  if (attr === 'quota') return ''
  const value = thing.values[attr]
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Why a value cannot be asked for; null when it can. */
export function unfit(thing: Thing, attr: ChangedAttr, to: string): Bilingual | null {
  if (!attrsOf[thing.kind].includes(attr)) return { zh: `${thing.name} 没有这一项`, en: `${thing.name} has no such value` }
  const whole = (from: number, until: number): Bilingual | null =>
    /^\d{1,7}$/.test(to) && Number(to) >= from && Number(to) <= until
      ? null
      : { zh: `须是 ${from} 到 ${until} 的整数`, en: `A whole number from ${from} to ${until}` }
  switch (attr) {
    case 'vcpu':
      return whole(1, 256)
    case 'memGiB':
      return whole(1, 4096)
    case 'gib': {
      const bad = whole(1, 1_000_000)
      if (bad) return bad
      return Number(to) < Number(thing.values.gib ?? 0)
        ? { zh: '卷不能就地缩小，须建新卷迁移', en: 'A volume cannot shrink in place: make a new one and move the data' }
        : null
    }
    case 'bandwidthMbps':
      return whole(1, 100_000)
    case 'state':
      return to === 'ACTIVE' || to === 'STOPPED' ? null : { zh: '只能是 ACTIVE 或 STOPPED', en: 'ACTIVE or STOPPED' }
    case 'tier':
      return ['SSD', 'SAS', 'SATA'].includes(to) ? null : { zh: '只能是 SSD、SAS、SATA', en: 'SSD, SAS or SATA' }
    case 'usageUntil':
      return /^\d{4}-\d\d-\d\d$/.test(to) ? null : { zh: '须是日期', en: 'A date' }
    case 'rules':
      return rulesOf(to) ? null : { zh: '不是端口规则清单', en: 'Not a list of port rules' }
    case 'quota':
      return quotaOf(to) ? null : { zh: '不是配额清单', en: 'Not a list of limits' }
    case 'image':
    case 'other':
      return to === '' ? { zh: '须填写', en: 'Required' } : null
    case 'restart':
    case 'snapshot':
      return null
  }
}

export interface PortRule {
  src: string
  dst: string
  proto: 'TCP' | 'UDP' | 'ICMP' | 'ANY'
  port: string
  purpose: string
  until: string | null
}
const isRule = (one: unknown): one is PortRule => {
  if (typeof one !== 'object' || one === null) return false
  const rule = one as Record<string, unknown>
  return (
    typeof rule.src === 'string' &&
    ['TCP', 'UDP', 'ICMP', 'ANY'].includes(String(rule.proto)) &&
    /^(\d{1,5}(-\d{1,5})?)?$/.test(String(rule.port))
  )
}
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
/** Port rules written as JSON; null if they are none. */
export function rulesOf(text: string): PortRule[] | null {
  const list = parsed(text)
  return Array.isArray(list) && list.every(isRule)
    ? list.map((rule) => ({ ...rule, dst: rule.dst ?? '', purpose: rule.purpose ?? '', until: rule.until ?? null }))
    : null
}

const QUOTA = ['instances', 'cores', 'ramMiB', 'volumes', 'volumeGiB', 'ports', 'networks', 'addresses'] as const
export type Quota = Partial<Record<(typeof QUOTA)[number], number>>
/** Limits written as JSON, only those named; null if they are none. */
export function quotaOf(text: string): Quota | null {
  const limits = parsed(text)
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) return null
  const entries = Object.entries(limits)
  const good =
    entries.length > 0 &&
    entries.every(([name, value]) => (QUOTA as readonly string[]).includes(name) && Number.isInteger(value) && value >= -1)
  return good ? (limits as Quota) : null
}

export interface Growth {
  vcpu: number
  memGiB: number
  storageGiB: number
  /** The largest growth of one measure of one thing, in percent of what it has. */
  percent: number
}

/** By how much things grow; what shrinks takes nothing back here. */
export function growthOf(items: readonly Pick<ChangeItem, 'attr' | 'from' | 'to'>[]): Growth {
  const growth: Growth = { vcpu: 0, memGiB: 0, storageGiB: 0, percent: 0 }
  const measure = { vcpu: 'vcpu', memGiB: 'memGiB', gib: 'storageGiB' } as const
  for (const { attr, from, to } of items) {
    if (attr !== 'vcpu' && attr !== 'memGiB' && attr !== 'gib') continue
    const more = Number(to) - Number(from)
    if (!(more > 0)) continue
    growth[measure[attr]] += more
    growth.percent = Math.max(growth.percent, Number(from) > 0 ? (more / Number(from)) * 100 : 100)
  }
  return growth
}

/** Does a thing get larger? Then the business volume behind it must be shown and the capacity assessed. */
export const grows = (growth: Growth): boolean => growth.vcpu > 0 || growth.memGiB > 0 || growth.storageGiB > 0

/** Does a standard change keep to what the catalogue allows? @param usageUntil the present end of the lease, where it is lengthened */
export function withinStandard(
  standard: Pick<StandardChange, 'ciKind' | 'attr' | 'maxDays'>,
  items: readonly Pick<ChangeItem, 'ciKind' | 'attr' | 'from' | 'to'>[],
): boolean {
  return items.every((item) => {
    if (item.ciKind !== standard.ciKind || item.attr !== standard.attr) return false
    if (item.attr === 'rules') return onlyAdds(item.from, item.to)
    if (item.attr !== 'usageUntil' || standard.maxDays === null) return true
    if (!/^\d{4}-\d\d-\d\d/.test(item.from) || !/^\d{4}-\d\d-\d\d$/.test(item.to)) return false
    const days = Temporal.PlainDate.from(item.from.slice(0, 10)).until(Temporal.PlainDate.from(item.to)).total('days')
    return days >= 0 && days <= standard.maxDays
  })
}

const wordsOf = (rule: PortRule) => [rule.src, rule.dst, rule.proto, rule.port].join('|')
/** Rules may be added, none taken away, and nothing opened to everybody. */
function onlyAdds(from: string, to: string): boolean {
  const [before, after] = [rulesOf(from === '' ? '[]' : from), rulesOf(to)]
  if (!before || !after) return false
  const kept = new Set(after.map(wordsOf))
  const old = new Set(before.map(wordsOf))
  return before.every((rule) => kept.has(wordsOf(rule))) && after.every((rule) => old.has(wordsOf(rule)) || rule.src !== '0.0.0.0/0')
}

/** Fields that must be there when it is handed in, and are not. */
export function gapsOf(
  form: ChangeForm,
  category: string,
  things: ReadonlyMap<string, Thing>,
  now: Temporal.Instant,
): { field: string; message: Bilingual }[] {
  const gaps: { field: string; message: Bilingual }[] = []
  const need = (missing: boolean, field: string, zh: string, en: string) => {
    if (missing) gaps.push({ field, message: { zh, en } })
  }
  need(form.title === '', 'title', '写明标题', 'Give it a title')
  need(form.items.length === 0, 'items', '至少一项变更', 'At least one item')
  for (const [index, item] of form.items.entries()) {
    const thing = things.get(item.ciId)
    const bad = thing ? unfit(thing, item.attr, item.to) : { zh: '这一项已不在用', en: 'This is out of use' }
    if (bad) gaps.push({ field: `items.${index}.to`, message: bad })
    else if (thing && valueNow(thing, item.attr) === item.to && item.to !== '')
      gaps.push({ field: `items.${index}.to`, message: { zh: '与现值相同', en: 'It has this value already' } })
  }
  need(form.reasonText === '', 'reasonText', '写明原因', 'Say why')
  const window = form.windowFrom !== null && form.windowTo !== null
  need(!window && category !== 'EMERGENCY', 'windowFrom', '填写计划窗口', 'Say when')
  if (form.windowFrom && form.windowTo) {
    const [from, to] = [Temporal.Instant.from(form.windowFrom), Temporal.Instant.from(form.windowTo)]
    need(Temporal.Instant.compare(to, from) <= 0, 'windowTo', '窗口止须晚于起', 'It must end after it begins')
    need(Temporal.Instant.compare(to, now) <= 0, 'windowTo', '窗口已经过去', 'The window has passed')
  }
  if (category === 'EMERGENCY') return gaps
  need(form.steps.length === 0, 'steps', '写明实施步骤', 'Say what is done, step by step')
  need(form.rollbackPlan === '', 'rollbackPlan', '写明如何回退', 'Say how to go back')
  need(form.verifyPlan === '', 'verifyPlan', '写明如何验证', 'Say how it is verified')
  if (category !== 'STANDARD') {
    const items = form.items.flatMap((item) => {
      const thing = things.get(item.ciId)
      return thing ? [{ attr: item.attr, from: valueNow(thing, item.attr), to: item.to }] : []
    })
    need(
      grows(growthOf(items)) && form.forecastRef === '',
      'forecastRef',
      '扩容须附业务量评估',
      'Growth needs an assessment of the business volume',
    )
  }
  return gaps
}

export interface MajorLimits {
  growthPercent: number
  applications: number
  vcpu: number
  storageGiB: number
}
/** Why a change is major; empty when it is not. */
export function majorReasonsOf(
  items: readonly Pick<ChangeItem, 'attr' | 'ciKind' | 'from' | 'to'>[],
  applications: number,
  limits: MajorLimits,
): Bilingual[] {
  const growth = growthOf(items)
  const reasons: Bilingual[] = []
  if (growth.percent > limits.growthPercent)
    reasons.push({ zh: `规格增量超过 ${limits.growthPercent}%`, en: `It grows by more than ${limits.growthPercent} %` })
  if (applications >= limits.applications)
    reasons.push({ zh: `影响 ${applications} 个应用`, en: `It touches ${applications} applications` })
  if (growth.vcpu > limits.vcpu) reasons.push({ zh: `增加 ${growth.vcpu} vCPU`, en: `It adds ${growth.vcpu} vCPU` })
  if (growth.storageGiB > limits.storageGiB)
    reasons.push({ zh: `增加 ${growth.storageGiB} GiB 存储`, en: `It adds ${growth.storageGiB} GiB of storage` })
  return reasons
}
