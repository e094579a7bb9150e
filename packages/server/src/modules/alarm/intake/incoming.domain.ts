import type { AlarmSource } from '@changbai/contract/alarm.shapes.ts'
import { type EventRule, type Level, levels } from '../rules/pack.domain.ts'
import { labelFilter } from '../rules/selector.domain.ts'

/** What any sender says, in one form. Instants in milliseconds. */
export interface Incoming {
  source: AlarmSource
  /** Fields a rule may be matched by, and by which people recognise it. */
  labels: Record<string, string>
  /** What tells alarms of this source apart on one object. */
  fingerprint: string
  /** Words of the source itself, where no rule has better ones. */
  title: string
  detail: string
  state: 'firing' | 'resolved'
  at: number
  /** When the sender saw it first by its own clock, if that is sane; null where a sender says nothing of it. */
  startedAt: number | null
  /** Without another word by then: see `Policy.quiet`. */
  quietAt: number | null
  /** The address or name of the object, or the id our own discovery gave it. */
  object: { id: string | null; address: string | null; name: string }
  level: Level | null
  value: number | null
}

/** Not what we know: the sender is told why. */
export class MalformedError extends Error {}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Cut to what a label may hold; PostgreSQL stores no NUL. */
export const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '')
    .replaceAll('\0', '')
    .slice(0, 2_000)
export function textsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 60)
      .map(([name, one]) => [name.slice(0, 200), textOf(one)]),
  )
}
/** @returns undefined for what is no instant, and for the zero instant that says "none" */
export function instantOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN
  return Number.isNaN(at) || at <= 0 ? undefined : at
}
export const hostOf = (instance: string): string =>
  instance
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([^:]+):\d+$/, '$1')
/** How long a word may have been on its way: a group waits minutes, a server that was away is told within the hour. */
const ON_ITS_WAY_MAX_MS = 3_600_000
/** @returns null for what lies ahead, and for what began so long ago that it was not held up but is only told now */
export const startOf = (value: unknown, now: number): number | null => {
  const at = instantOf(value)
  return at === undefined || at > now || at < now - ON_ITS_WAY_MAX_MS ? null : at
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const uuidOrNull = (text: string | undefined): string | null => (text && UUID.test(text) ? text.toLowerCase() : null)

/** The words others use for how bad it is. */
const words: Readonly<Record<string, Level>> = {
  emergency: 'I',
  disaster: 'I',
  fatal: 'I',
  critical: 'II',
  crit: 'II',
  page: 'II',
  high: 'II',
  error: 'III',
  major: 'II',
  warning: 'III',
  warn: 'III',
  average: 'III',
  minor: 'III',
  medium: 'III',
  low: 'IV',
  info: 'IV',
  information: 'IV',
  informational: 'IV',
  notice: 'IV',
}
export const levelOf = (word: string | undefined): Level | null =>
  levels.find((level) => level === word) ?? (word ? (words[word.toLowerCase()] ?? null) : null)

const compiled = new WeakMap<EventRule, ReturnType<typeof labelFilter>>()
/** The first rule of the pack that fits what was said. */
export function ruleFor(incoming: Incoming, rules: readonly EventRule[]): EventRule | undefined {
  return rules.find((rule) => {
    if (rule.source.toUpperCase() !== incoming.source) return false
    let fits = compiled.get(rule)
    if (!fits) {
      fits = labelFilter(rule.match)
      compiled.set(rule, fits)
    }
    return fits(incoming.labels)
  })
}
