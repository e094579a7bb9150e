import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type incidentCareApi, careProblems as problems, type SuggestedCause } from '@changbai/contract/incident-care.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { addOutage, outagesWithin } from '../availability/index.ts'
import { findApplication, impactOf, maySeeApplication } from '../inventory/index.ts'
import { incidentsBefore } from './care.store.ts'
import { LOOK_BACK_HOURS, rankCauses } from './causes.domain.ts'
import { addEvents } from './history.service.ts'
import { clocksOf } from './history.store.ts'
import { reachIncident, readPast, recordOf } from './incident.service.ts'
import type { IncidentRow } from './incident.store.ts'

type Api = typeof incidentCareApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** What may be behind an incident: modules that know of changes and alarms add theirs. */
    'incident.causes-asked': {
      applicationId: string
      beganAt: Temporal.Instant
      /** Instant from which each kind is looked at. */
      since: { CHANGE: Temporal.Instant; ALARM: Temporal.Instant }
      /** What the application needs, as far as the asker may see it, by id. */
      needs: ReadonlyMap<string, { name: string; hop: number }>
      causes: SuggestedCause[]
    }
  }
}
/** How far up the needs of an application a cause is looked for. */
const HOPS = 6
const minutesBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  Math.floor((to.epochMilliseconds - from.epochMilliseconds) / 60_000)

export async function suggestCauses(ctx: Ctx, { incidentId }: Input<Api['causes']>): Promise<Reply<Api['causes']>> {
  const row = await reachIncident(ctx, incidentId)
  const applicationId = row.application_id
  const application = applicationId ? await findApplication(ctx, applicationId) : undefined
  if (!applicationId || !application || !maySeeApplication(ctx, application)) return { items: [] }
  const beganAt = row.clock_start_at
  const since = (kind: keyof typeof LOOK_BACK_HOURS) => beganAt.subtract({ hours: LOOK_BACK_HOURS[kind] })
  const { nodes } = await impactOf(ctx, applicationId, 'UP', HOPS)
  const asked = {
    applicationId,
    beganAt,
    since: { CHANGE: since('CHANGE'), ALARM: since('ALARM') },
    needs: new Map(nodes.map(({ id, name, hop }) => [id, { name, hop }])),
    causes: [] as SuggestedCause[],
  }
  await ctx.publish('incident.causes-asked', asked)
  const others = await incidentsBefore(ctx.db, { id: row.id, applicationId, from: since('INCIDENT'), to: beganAt })
  const near = others.map((one) => ({
    kind: 'INCIDENT' as const,
    id: one.id,
    label: `${one.number} ${one.title}`,
    link: `/duty/incidents/${one.id}`,
    at: one.clock_start_at.toString(),
    minutesBefore: minutesBetween(one.clock_start_at, beganAt),
    through: null,
  }))
  return { items: rankCauses([...asked.causes, ...near]) }
}

async function spanOf(ctx: Ctx, row: IncidentRow): Promise<{ from: Temporal.Instant; to: Temporal.Instant }> {
  const solved = (await clocksOf(ctx.db, [row.id])).find((clock) => clock.clock === 'solution')?.done_at
  return { from: row.clock_start_at, to: solved ?? ctx.now }
}
/** Stretches in which the application was down while the incident lasted, whatever saw them. */
export async function readOutages(ctx: Ctx, { incidentId }: Input<Api['outages']>): Promise<Reply<Api['outages']>> {
  const row = await reachIncident(ctx, incidentId)
  const applicationId = row.application_id
  if (!applicationId) return { applicationId, items: [] }
  const { from, to } = await spanOf(ctx, row)
  return { applicationId, items: await outagesWithin(ctx, applicationId, from, to) }
}
/** A stretch somebody reports from an incident; the customer rules on it, and where probes saw it too it counts once. @clause 7.1-I-2 */
export async function recordOutage(
  ctx: Ctx,
  { incidentId, domain, note, ...span }: Input<Api['addOutage']>,
): Promise<Reply<Api['addOutage']>> {
  const row = await reachIncident(ctx, incidentId, true)
  const applicationId = row.application_id ?? fail(problems.noApplication)
  const from = readPast(ctx, span.from)
  const to = readPast(ctx, span.to)
  if (!from || !to || Temporal.Instant.compare(from, to) >= 0) return fail(problems.backwards)
  const id = await addOutage(ctx, { applicationId, source: 'INCIDENT', from, to, domain, note: `${row.number} ${note}` })
  await addEvents(ctx, row.id, [{ kind: 'LOG', text: `登记中断：${note}` }])
  await recordOf(ctx, row, 'outage-recorded', { outageId: id, from: from.toString(), to: to.toString() })
  return { id }
}
