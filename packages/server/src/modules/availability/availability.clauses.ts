import type { Application } from '@changbai/contract/inventory.ts'
import type { EntryOf } from '@changbai/verify/availability/chain.ts'
import { foldChain } from '@changbai/verify/availability/fold.ts'
import { monthOf, monthSpan, yearOf } from '@changbai/verify/availability/year.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { applicationsById, measuredApplications } from '../inventory/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation, oncePerSpan } from '../plan/index.ts'
import { readKept } from './chain.service.ts'
import { type Account, allAccounts, answersSince, chainOf } from './chain.store.ts'
import { downtimesOf } from './downtime.service.ts'

interface Measured {
  account: Account
  application: Application
}

/** Accounts are large, and half a dozen clauses of one board ask for them. */
const accountsFor = oncePerSpan((ctx) => allAccounts(ctx.db))

async function measuredIn(ctx: Ctx, span: ClauseSpan, from: number, to: number): Promise<Measured[]> {
  const accounts = (await accountsFor(ctx, span)).filter(({ kept }) => kept.measured.some((one) => one.from < to && one.to > from))
  const applications = await applicationsById(
    ctx,
    accounts.map(({ applicationId }) => applicationId),
  )
  return accounts.flatMap((account) => {
    const application = applications.get(account.applicationId)
    return application ? [{ account, application }] : []
  })
}

const judged = (application: Application, at: Temporal.Instant, given: Partial<Obligation>): Obligation =>
  obligation({
    id: `application:${application.id}`,
    subject: { type: 'application', id: application.id, label: application.name },
    tenantId: application.tenantId,
    applicationId: application.id,
    dueAt: at.toString(),
    evidence: [{ type: 'application', id: application.id }],
    ...given,
  })

/** Is there a figure at all? A measurement that both sides have not confirmed gives none. @clause 7.1-I-3 7.1-I-4 */
const readFigures = oncePerSpan(async (ctx, span) => {
  const at = lookedAt(span)
  const measured = new Set(
    (await measuredIn(ctx, span, span.from.epochMilliseconds, at.epochMilliseconds)).map(({ application }) => application.id),
  )
  return (
    (await measuredApplications(ctx))
      .filter(({ env, state }) => env === 'PROD' && state !== 'RETIRED')
      // nothing is owed before it counts: a span that ended before an application was taken over knows nothing of it
      .filter(({ measurement }) => measurement && Temporal.Instant.compare(Temporal.Instant.from(measurement.startsAt), at) <= 0)
      .map((application) =>
        measured.has(application.id)
          ? judged(application, at, { doneAt: at.toString(), kept: true })
          : judged(application, at, { missing: 'NOT_MEASURED' }),
      )
  )
})

/** Each application's year so far against its budget; undecided counts. What keeps hosts and systems running is proven by it too. @clause 7.1-II-1 5.1-1 */
const readTargets = oncePerSpan(async (ctx, span) => {
  const at = lookedAt(span)
  // at the last instant of the year its figures are asked for, not at the first of the next
  const asked = at.epochMilliseconds - 1
  return (await measuredIn(ctx, span, span.from.epochMilliseconds, at.epochMilliseconds)).map(({ account, application }) =>
    judged(application, at, { doneAt: at.toString(), kept: readKept(account.kept, yearOf(asked), asked + 1).statement.figures.met }),
  )
})

/** With all three conditions; what was refused and did not take place was none. @clause 7.1-I-1 */
async function readDowntimes(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const years = [...new Set([yearOf(span.from.epochMilliseconds), yearOf(span.to.epochMilliseconds - 1)])]
  const rows = (await Array.fromAsync(years, (year) => downtimesOf(ctx, year, { all: true }))).flat()
  return rows
    .filter(({ plannedFrom }) => isIn(span, plannedFrom))
    .map((row) =>
      obligation({
        id: `planned-downtime:${row.id}`,
        subject: { type: 'planned-downtime', id: row.id, label: row.applications.map(({ name }) => name).join('、') },
        startedAt: row.proposedAt,
        dueAt: row.plannedFrom,
        doneAt: row.valid ? row.decidedAt : null,
        kept: row.valid,
        exempt: row.cancelledAt !== null || (!row.valid && row.recognised === false && row.actualFrom === null) ? 'NOT_APPLICABLE' : null,
        evidence: [{ type: 'planned-downtime', id: row.id }],
      }),
    )
}

const isIn = (span: ClauseSpan, at: string): boolean => {
  const instant = Temporal.Instant.from(at)
  return Temporal.Instant.compare(instant, span.from) >= 0 && Temporal.Instant.compare(instant, span.to) < 0
}

/** The month before the span, whose confirmation falls due in it, and when. */
async function monthBefore(ctx: Ctx, span: ClauseSpan) {
  const month = monthOf(span.from.epochMilliseconds - 1)
  const of = monthSpan(month) ?? { from: 0, to: 0 }
  const clock = await loadBusinessClock(ctx)
  return { month, ...of, dueAt: clock.addTime(span.from, ctx.plan.duration('availability.confirmRemind')) }
}

/** Outages of the month before: ruled on by the time the month is to be confirmed. @clause 7.1-I-2 */
async function readRuled(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const { from, to, dueAt } = await monthBefore(ctx, span)
  const result: Obligation[] = []
  for (const { account, application } of await measuredIn(ctx, span, from, to)) {
    if (!account.kept.outages.some((one) => one.from >= from && one.from < to)) continue
    const { stretches } = foldChain(await chainOf(ctx.db, application.id))
    for (const { id, state, from: begun, to: ended, rulings } of stretches) {
      if (state !== 'DOWN' || begun < from || begun >= to || ended === begun) continue
      const decided = rulings.filter(({ body }) => body.decision !== 'PENDING').at(-1)
      result.push(
        judged(application, dueAt, {
          id: `outage:${id}`,
          subject: { type: 'outage', id, label: application.name },
          startedAt: Temporal.Instant.fromEpochMilliseconds(begun).toString(),
          doneAt: decided?.at ?? null,
          evidence: [{ type: 'outage', id }],
        }),
      )
    }
  }
  return result
}

/** The month before, sealed and confirmed by both; an objection is no confirmation, nor is silence. @clause 7.1-II-2-1 7.1-II-2-2 */
const readConfirmed = oncePerSpan(async (ctx, span) => {
  const { month, from, to, dueAt } = await monthBefore(ctx, span)
  const result: Obligation[] = []
  // a month is sealed after it is over, and answered after that
  const said = Map.groupBy(await answersSince(ctx.db, span.from), ({ applicationId }) => applicationId)
  for (const { application } of await measuredIn(ctx, span, from, to)) {
    const entries = (said.get(application.id) ?? []).map(({ entry }) => entry)
    const seal = entries.filter((one) => one.kind === 'seal').findLast(({ body }) => body.month === month)
    const answers = entries
      .filter((one) => one.kind === 'confirmation')
      .filter(({ body }) => seal !== undefined && body.seal === seal.seq && body.result === 'CONFIRMED')
    const both = (['CUSTOMER', 'THIRD_PARTY'] as const).every((party) => answers.some(({ body }) => body.party === party))
    result.push(
      judged(application, dueAt, {
        id: `confirmation:${application.id}:${month}`,
        subject: { type: 'application', id: application.id, label: `${application.name} ${month}` },
        startedAt: span.from.toString(),
        doneAt: both ? lastOf(answers) : null,
      }),
    )
  }
  return result
})

const lastOf = (answers: readonly EntryOf<'confirmation'>[]) => answers.at(-1)?.at ?? null

/** What the chains record of sections 5.1 and 7. */
export const availabilityClauses: readonly ClauseSource[] = [
  { of: 'planned-downtime', meter: 'complete', read: readDowntimes },
  { of: 'outage-ruled', meter: 'complete', read: readRuled },
  { of: 'normal-service', meter: 'availability', read: readFigures },
  { of: 'availability-figure', meter: 'availability', read: readFigures },
  { of: 'application-available', meter: 'availability', read: readTargets },
  { of: 'application-target', meter: 'availability', read: readTargets },
  { of: 'uptime-confirmed', meter: 'complete', read: readConfirmed },
  { of: 'outage-confirmed', meter: 'complete', read: readConfirmed },
]
