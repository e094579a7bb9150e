import type { ApplicationAvailability, AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import type { Application } from '@changbai/contract/inventory.ts'
import type { Entry, EntryOf } from '@changbai/verify/availability/chain.ts'
import { type Account, openAccount } from '@changbai/verify/availability/figures.ts'
import { type Folded, factsOf, foldChain, partsOf, type Stretch } from '@changbai/verify/availability/fold.ts'
import { instantOf } from '@changbai/verify/availability/moment.ts'
import { clipTo, type Span, totalMs, unionOf, withoutSpans } from '@changbai/verify/availability/span.ts'
import type { Known, Statement } from '@changbai/verify/availability/statement.ts'
import { BUDGET_MS, yearSpan } from '@changbai/verify/availability/year.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { readKept } from './chain.service.ts'

const LEVELS = [100, 90, 75, 50, 25] as const
const DAY_MS = 86_400_000
/** Projected from what was counted in these days. */
const PACE_DAYS = 90

/** How much of the year's budget is used, and when it runs out at the pace of the last days. */
function burnOf(account: Account, statement: Statement, now: number): AvailabilityRow['burn'] {
  const used = statement.figures.countedMs
  const span = yearSpan(statement.year)
  const recent = { from: Math.max(span.from, statement.asOf - PACE_DAYS * DAY_MS), to: statement.asOf }
  const paceMs = totalMs(clipTo(account.counted, recent)) / Math.max(1, recent.to - recent.from)
  const left = BUDGET_MS - used
  const exhaustedAt = left < 0 || paceMs === 0 ? null : statement.asOf + left / paceMs
  const isAhead = exhaustedAt !== null && exhaustedAt < span.to && now < span.to
  return {
    usedRatio: used / BUDGET_MS,
    passedPercent: passedLevel(used),
    exhaustedOn: isAhead
      ? Temporal.Instant.fromEpochMilliseconds(Math.round(exhaustedAt)).toZonedDateTimeISO(SHANGHAI).toPlainDate().toString()
      : null,
  }
}

/** At the limit still counts as met, so 100 is passed only beyond it. */
const passedLevel = (usedMs: number): number | null =>
  LEVELS.find((level) => (level === 100 ? usedMs > BUDGET_MS : usedMs * 100 >= level * BUDGET_MS)) ?? null

/** The year as it is drawn; pieces of one kind do not overlap. */
function stripOf({ outages }: Known, { counted, planned, unknown }: Account, year: number): AvailabilityRow['strip'] {
  const span = yearSpan(year)
  const undecided = withoutSpans(counted, unionOf(outages.filter(({ ruling }) => ruling === 'provider')))
  const excused = withoutSpans(unionOf(outages.filter(({ ruling }) => ruling === 'not-provider')), counted)
  const kinds: [AvailabilityRow['strip'][number]['kind'], readonly Span[]][] = [
    ['UNKNOWN', unknown],
    ['PLANNED', planned],
    ['EXCUSED', excused],
    ['UNDECIDED', undecided],
    ['COUNTED', withoutSpans(counted, undecided)],
  ]
  return kinds.flatMap(([kind, spans]) => clipTo(spans, span).map(({ from, to }) => ({ from, to, kind })))
}

/** What goes on has its end beyond now. */
function stateNow(kept: Known, now: number): AvailabilityRow['state'] {
  const isNow = ({ from, to }: Span) => from <= now && now < to
  if (!kept.measured.some(isNow)) return 'NOT_MEASURED'
  return kept.outages.some(isNow) ? 'DOWN' : kept.unknown.some(isNow) ? 'UNKNOWN' : 'UP'
}

export function rowOf(application: Application, kept: Known, year: number, now: number): AvailabilityRow {
  const { known, account, statement } = readKept(kept, year, now)
  const [first] = kept.measured
  return {
    applicationId: application.id,
    code: application.code,
    name: application.name,
    tenantName: application.tenantName,
    statement: statement as AvailabilityRow['statement'],
    burn: burnOf(account, statement, now),
    measuredFrom: first ? instantOf(first.from) : null,
    state: stateNow(kept, now),
    strip: stripOf(known, account, year),
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
