import type { Attribution, Facts, OutageFact, PlannedFact } from './figures.ts'
import { readInstant } from './moment.ts'
import type { Span } from './span.ts'

/** Wrong content of a facts file; the message begins with the field: `outages[3].to: …`. */
export class FactsError extends Error {
  readonly field: string
  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`)
    this.name = 'FactsError'
    this.field = field
  }
}

const RULINGS: readonly Attribution[] = ['provider', 'not-provider', 'undecided']

/**
 * Reads `{outages: [{id, from, to, ruling}], planned: [{from, to, noticedAt, approvedAt}], unknown: [{from, to}]}`. A list may be left out; an
 * outage or unknown stretch whose `to` is null or left out is open and ends at `openEnd`, at the latest; a window that was never noticed or
 * recognised has null there. Any other member is refused, so that a misspelt one is not silently without effect.
 * @throws FactsError naming the field
 */
export function readFacts(value: unknown, openEnd: number): Facts {
  const file = record(value, 'the file', ['outages', 'planned', 'unknown'])
  return {
    outages: list(file, 'outages').map((item, n) => readOutage(item, `outages[${n}]`, openEnd)),
    planned: list(file, 'planned').map((item, n) => readPlanned(item, `planned[${n}]`)),
    unknown: list(file, 'unknown').map((item, n) =>
      readSpan(record(item, `unknown[${n}]`, ['id', 'from', 'to']), `unknown[${n}]`, openEnd),
    ),
  }
}

function readOutage(item: unknown, field: string, openEnd: number): OutageFact {
  const outage = record(item, field, ['id', 'from', 'to', 'ruling'])
  if (typeof outage.id !== 'string' || outage.id === '') throw new FactsError(`${field}.id`, 'must be a text')
  const ruling = RULINGS.find((one) => one === outage.ruling)
  if (!ruling) throw new FactsError(`${field}.ruling`, `must be provider, not-provider or undecided, not ${shown(outage.ruling)}`)
  return { ...readSpan(outage, field, openEnd), ruling }
}

function readPlanned(item: unknown, field: string): PlannedFact {
  const window = record(item, field, ['id', 'from', 'to', 'noticedAt', 'approvedAt', 'reason'])
  const optional = (name: 'noticedAt' | 'approvedAt') =>
    window[name] === null || window[name] === undefined ? null : moment(window[name], `${field}.${name}`)
  return { ...readSpan(window, field), noticedAt: optional('noticedAt'), approvedAt: optional('approvedAt') }
}

function readSpan(item: Record<string, unknown>, field: string, openEnd?: number): Span {
  const from = moment(item.from, `${field}.from`)
  const isOpen = openEnd !== undefined && (item.to === null || item.to === undefined)
  const to = isOpen ? Math.max(from, openEnd) : moment(item.to, `${field}.to`)
  if (to < from) throw new FactsError(`${field}.to`, `${shown(item.to)} is before from ${shown(item.from)}`)
  return { from, to }
}

function moment(value: unknown, field: string): number {
  if (value === undefined) throw new FactsError(field, 'is missing')
  const ms = typeof value === 'string' ? readInstant(value) : undefined
  if (ms === undefined)
    throw new FactsError(field, `${shown(value)} is not an instant: write 2026-09-18T15:00:00+08:00, or without a zone for Asia/Shanghai`)
  return ms
}

function record(value: unknown, field: string, members: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FactsError(field, 'must be an object')
  const stray = Object.keys(value).find((name) => !members.includes(name))
  if (stray !== undefined) throw new FactsError(field === 'the file' ? stray : `${field}.${stray}`, 'is not a member of this format')
  return value as Record<string, unknown>
}

function list(file: Record<string, unknown>, name: string): readonly unknown[] {
  const value = file[name]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new FactsError(name, 'must be a list')
  return value
}

const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))
