import type { Role } from '@changbai/contract/capability.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { daysHeld, grantsForClause, placesHeldAt, tenantNames } from '../identity/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation } from '../plan/index.ts'
import { anyPlanBefore, plansMade } from './capacity.store.ts'
import {
  type ApplicationHeld,
  applicationsAt,
  basicsDecided,
  type Decided,
  lastReadings,
  modelsInUse,
  onlineApplicationRows,
  thingsMatched,
} from './clause.store.ts'

const judged = (application: ApplicationHeld, at: Temporal.Instant, kept: boolean): Obligation =>
  obligation({
    id: `application:${application.id}`,
    subject: { type: 'application', id: application.id, label: application.name },
    tenantId: application.tenant_id,
    applicationId: application.id,
    dueAt: at.toString(),
    doneAt: at.toString(),
    kept,
    evidence: [{ type: 'application', id: application.id }],
  })

/** @clause 3.4.1 3.4.2 */
const readHeld = (role: Role) => async (ctx: Ctx, span: ClauseSpan) => {
  const at = lookedAt(span)
  const isHeld = await placesHeldAt(ctx, role, at)
  return (await applicationsAt(ctx.db, at)).map((one) => judged(one, at, isHeld({ tenantId: one.tenant_id, applicationId: one.id })))
}

/** @clause 1 */
async function readRegister(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const at = lookedAt(span)
  const rows = await applicationsAt(ctx.db, at)
  const known = await tenantNames(ctx, [...new Set(rows.map((row) => row.tenant_id))])
  return rows.map((row) => judged(row, at, known.has(row.tenant_id)))
}

/** @clause 3.2.1-(2) */
async function readBasics(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const { parameters, templates } = await basicsDecided(ctx.db, span)
  const changed = (type: string, row: Decided, kept: boolean) =>
    obligation({
      id: `${type}:${row.id}`,
      subject: { type, id: row.id, label: row.label },
      dueAt: row.at.toString(),
      doneAt: row.at.toString(),
      kept,
      evidence: [{ type, id: row.id }],
    })
  // what the installation came with was changed by nobody
  const byPeople = (rows: readonly Decided[]) => rows.filter((row) => row.decided_by !== null)
  return [
    ...byPeople(parameters).map((row) => changed('base-parameters', row, true)),
    ...byPeople(templates).map((row) => changed('template', row, row.decided_by !== row.proposed_by)),
  ]
}

/** @clause 3.2.3-(2) */
async function readTested(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const at = lookedAt(span)
  return (await modelsInUse(ctx.db, at)).map((model) =>
    obligation({
      id: `model:${model.id}`,
      subject: { type: 'hardware-model', id: model.id, label: model.label },
      dueAt: at.toString(),
      doneAt: at.toString(),
      kept: model.passed,
      evidence: model.test_id ? [{ type: 'hardware-acceptance-test', id: model.test_id }] : [],
    }),
  )
}

/** A day each: whoever keeps the resources was there all through it. @clause 3.3.1 */
async function readManned(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const days = await daysHeld(ctx, 'MAINTENANCE_MANAGER', { from: span.from, end: lookedAt(span) })
  return days.map(({ on, held }) => {
    // the last instant of the day, so that it lies within the span that ends with it
    const at = on.add({ days: 1 }).toZonedDateTime(SHANGHAI).toInstant().subtract({ milliseconds: 1 }).toString()
    return obligation({
      id: `post:MAINTENANCE_MANAGER:${on}`,
      subject: { type: 'duty-day', id: `MAINTENANCE_MANAGER:${on}`, label: on.toString() },
      dueAt: at,
      doneAt: at,
      kept: held,
    })
  })
}

/** A cloud that was not read for so long is not known to match. */
const READ_WITHIN_HOURS = 24

/**
 * Everything in the clouds matches what is recorded, and what is recorded is there; a difference that was decided to be kept matches. A cloud that
 * was not read within a day is without data. @clause 3.1
 */
async function readReconciled(ctx: Ctx, span: ClauseSpan): Promise<Obligation[]> {
  const at = lookedAt(span)
  const stale = (await lastReadings(ctx.db, at)).filter(
    ({ ended_at }) => ended_at === null || Temporal.Instant.compare(ended_at, at.subtract({ hours: READ_WITHIN_HOURS })) < 0,
  )
  const unread = new Set(stale.map(({ connection_id }) => connection_id))
  const things = (await thingsMatched(ctx.db, at)).filter((thing) => !unread.has(thing.connection_id))
  return [
    ...stale.map(({ connection_id: id, cloud }) =>
      obligation({
        id: `cloud:${id}`,
        subject: { type: 'cloud-connection', id, label: cloud },
        dueAt: at.toString(),
        missing: 'NOT_MEASURED',
      }),
    ),
    ...things.map((thing) =>
      obligation({
        id: `${thing.kind}:${thing.connection_id}:${thing.external_id}`,
        subject: { type: 'observed-thing', id: thing.external_id, label: thing.name || thing.external_id },
        tenantId: thing.tenant_id,
        dueAt: at.toString(),
        doneAt: at.toString(),
        kept: thing.drift_id === null,
        evidence: thing.drift_id === null ? [] : [{ type: 'drift', id: thing.drift_id }],
      }),
    ),
  ]
}

/** A plan of capacity each quarter. @clause 3.5.1 */
const capacityPlans: ClauseSource = {
  of: 'capacity-plan',
  meter: 'rhythm',
  events: async (ctx, { from, to }) =>
    (await plansMade(ctx.db, from, to)).map((row) => ({ at: row.made_at.toString(), type: 'capacity-plan', id: row.id, valid: true })),
  begun: (ctx, before) => anyPlanBefore(ctx.db, before),
}

/** What accounts and inventory record of sections 1 and 3. */
export const inventoryClauses: readonly ClauseSource[] = [
  { of: 'register-complete', meter: 'holds', read: readRegister },
  { of: 'grants-approved', meter: 'holds', read: (ctx, span) => grantsForClause(ctx, lookedAt(span)) },
  { of: 'reconciled', meter: 'holds', read: readReconciled },
  { of: 'basics-versioned', meter: 'complete', read: readBasics },
  { of: 'maintenance-manned', meter: 'holds', read: readManned },
  { of: 'models-tested', meter: 'holds', read: readTested },
  capacityPlans,
  { of: 'project-manager-held', meter: 'holds', read: readHeld('APP_PROJECT_MANAGER') },
  { of: 'engineer-held', meter: 'holds', read: readHeld('APP_ENGINEER') },
]

/** Production applications in use: those whose service is looked at each day. */
export const onlineApplications = (ctx: Ctx) => onlineApplicationRows(ctx.db)
