import type { ApplicationAvailability, AvailabilityRow } from '@changbai/contract/availability.ts'
import type { Application } from '@changbai/contract/inventory.ts'
import type { Entry, EntryOf } from '@changbai/verify/availability/chain.ts'
import { openAccount } from '@changbai/verify/availability/figures.ts'
import { type Folded, factsOf, foldChain, partsOf, type Stretch } from '@changbai/verify/availability/fold.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import { clipTo, type Span, totalMs, unionOf, withoutSpans } from '@changbai/verify/availability/span.ts'
import type { Known, Statement } from '@changbai/verify/availability/statement.ts'
import { BUDGET_MS, yearSpan } from '@changbai/verify/availability/year.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { keptStatement, keptUntil } from './chain.service.ts'

const LEVELS = [100, 90, 75, 50, 25] as const
const DAY_MS = 86_400_000
/** Projected from what was counted in these days. */
const PACE_DAYS = 90

/** How much of the year's budget is used, and when it runs out at the pace of the last days. */
export function burnOf(known: Known, statement: Statement, now: number): AvailabilityRow['burn'] {
  const used = statement.figures.countedMs
  const span = yearSpan(statement.year)
  const recent = { from: Math.max(span.from, statement.asOf - PACE_DAYS * DAY_MS), to: statement.asOf }
  const paceMs = totalMs(clipTo(openAccount(known).counted, recent)) / Math.max(1, recent.to - recent.from)
  const left = BUDGET_MS - used
  const exhaustedAt = left < 0 ? null : paceMs > 0 ? statement.asOf + left / paceMs : null
  const isAhead = exhaustedAt !== null && exhaustedAt < span.to && now < span.to
  return {
    usedRatio: used / BUDGET_MS,
    passedPercent: LEVELS.find((level) => used * 100 > level * BUDGET_MS || (level < 100 && used * 100 === level * BUDGET_MS)) ?? null,
    exhaustedOn: isAhead
      ? Temporal.Instant.fromEpochMilliseconds(Math.round(exhaustedAt)).toZonedDateTimeISO(SHANGHAI).toPlainDate().toString()
      : null,
  }
}

/** The year as it is drawn; pieces of one kind do not overlap. */
function stripOf(known: Known, year: number): AvailabilityRow['strip'] {
  const span = yearSpan(year)
  const account = openAccount(known)
  const decided = unionOf(known.outages.filter(({ ruling }) => ruling === 'provider'))
  const excused = unionOf(known.outages.filter(({ ruling }) => ruling === 'not-provider'))
  const kinds: [AvailabilityRow['strip'][number]['kind'], readonly Span[]][] = [
    ['UNKNOWN', account.unknown],
    ['PLANNED', account.planned],
    ['EXCUSED', withoutSpans(excused, account.counted)],
    ['UNDECIDED', withoutSpans(account.counted, decided)],
    ['COUNTED', clipEach(account.counted, decided)],
  ]
  return kinds.flatMap(([kind, spans]) => clipTo(spans, span).map(({ from, to }) => ({ from, to, kind })))
}
const clipEach = (spans: readonly Span[], within: readonly Span[]) => within.flatMap((one) => clipTo(spans, one))

function stateNow(known: Known, now: number): AvailabilityRow['state'] {
  const at = (spans: readonly Span[]) => spans.some(({ from, to }) => from <= now && now <= to)
  if (!at(known.measured)) return 'NOT_MEASURED'
  return at(known.outages.filter(({ to }) => to >= now)) ? 'DOWN' : at(known.unknown.filter(({ to }) => to >= now)) ? 'UNKNOWN' : 'UP'
}

export function rowOf(application: Application, kept: Known, year: number, now: number): AvailabilityRow {
  const statement = keptStatement(kept, year, now)
  const known = keptUntil(kept, statement.asOf)
  const [first] = kept.measured
  return {
    applicationId: application.id,
    code: application.code,
    name: application.name,
    tenantName: application.tenantName,
    statement: statement as AvailabilityRow['statement'],
    burn: burnOf(known, statement, now),
    measuredFrom: first ? instantOf(first.from) : null,
    state: stateNow(keptUntil(kept, now), now),
    strip: stripOf(known, year),
  }
}

type Outage = ApplicationAvailability['outages'][number]

/** @param openEnd where an outage that goes on is counted to */
export function outageOf(folded: Folded, stretch: Stretch, openEnd: number): Outage {
  const span = { from: stretch.from, to: stretch.to ?? Math.max(stretch.from, openEnd) }
  const decisions = [...new Set(partsOf(stretch, openEnd).map(({ decision }) => decision))]
  return {
    id: stretch.id,
    seq: stretch.seq,
    state: stretch.state,
    source: stretch.source,
    domain: stretch.rulings.at(-1)?.body.domain ?? stretch.domain,
    note: stretch.note,
    from: instantOf(stretch.from),
    to: stretch.to === null ? null : instantOf(stretch.to),
    fromLo: instantOf(stretch.fromLo),
    toLo: stretch.toLo === null ? null : instantOf(stretch.toLo),
    countedMs: totalMs(clipTo(openAccount(factsOf({ ...folded, stretches: [stretch] }, openEnd)).counted, span)),
    decision: decisions.length > 1 ? 'MIXED' : (decisions[0] ?? 'PENDING'),
    disputed: isDisputed(stretch),
    rulings: stretch.rulings.map(({ seq, at, by, body }) => ({
      seq,
      at,
      by,
      decision: body.decision,
      from: instantOf(body.from),
      to: instantOf(body.to),
      domain: body.domain,
      reason: body.reason,
      role: body.role,
    })),
  }
}

/** From a dispute on until the customer's leader has ruled. */
export const isDisputed = ({ disputes, rulings }: Stretch): boolean =>
  (disputes.at(-1)?.seq ?? 0) > (rulings.filter(({ body }) => body.role === 'CUSTOMER_LEADER').at(-1)?.seq ?? 0)

type Seal = ApplicationAvailability['seals'][number]

export function sealOf(entries: readonly Entry[], seal: EntryOf<'seal'>): Seal {
  const { seals, confirmations } = foldChain(entries)
  return {
    seq: seal.seq,
    month: seal.body.month,
    at: seal.at,
    by: seal.by,
    figures: seal.body.figures,
    amends: seal.body.amends,
    old: seal.body.old,
    reason: seal.body.reason,
    head: seal.digest,
    current: seals.filter(({ body }) => body.month === seal.body.month).at(-1)?.seq === seal.seq,
    confirmations: confirmations
      .filter(({ body }) => body.seal === seal.seq)
      .map(({ at, by, body }) => ({ party: body.party, result: body.result, comment: body.comment, by, at })),
  }
}
