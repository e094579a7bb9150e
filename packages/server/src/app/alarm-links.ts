import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import { OutageDomain } from '@changbai/contract/availability.shapes.ts'
import type { Criterion } from '@changbai/contract/incident.ts'
import type { MaintenanceWindow } from '../modules/alarm/index.ts'
import { addOutage, closeOutage, downtimesNow, listAvailability } from '../modules/availability/index.ts'
import { onDutyAt } from '../modules/duty/index.ts'
import { addIncident, groupIncidents, listRunning, noteIncident } from '../modules/incident/index.ts'
import { applicationsById, impactOf } from '../modules/inventory/index.ts'
import { systemActor } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import type { Reaction } from '../platform/door.ts'
import { SHANGHAI } from '../platform/time.ts'

/** Planned downtime that both sides know of: alarms go on, nobody is told until it is over. */
export async function maintenanceNow(ctx: Ctx): Promise<MaintenanceWindow[]> {
  return (await downtimesNow(ctx)).map(({ id, label, to, applicationIds }) => ({ id, label, until: to, applicationIds, objectIds: [] }))
}

const criterionOf: Readonly<Record<AlarmLevel, Criterion>> = {
  I: 'BUSINESS_DOWN',
  II: 'PART_FAILED',
  III: 'ERROR_OR_WARNING',
  IV: 'ERROR_OR_WARNING',
}
const asSystem = (ctx: Ctx): Ctx => ({ ...ctx, actor: systemActor('监控告警') })
const LISTED = 30

/** Alarms of one matter open one incident, or join the one that is open for it; what began before a storm goes under it. @clause 5.3-8 5.8-2 */
export const openIncident: Reaction<'alarm.raised'> = async (ctx, event) => {
  const { alarms, storm, sourceKey, isSecurity } = event
  const gravest = [...alarms].sort((a, b) => (a.level < b.level ? -1 : 1))[0]
  if (!gravest) return
  const lines = alarms.slice(0, LISTED).map(({ level, objectName, title }) => `${level} 级 ${objectName}：${title.zh}`)
  const more = alarms.length > LISTED ? [`……共 ${alarms.length} 条`] : []
  const one = alarms.length === 1 && !storm
  const title = storm ? `告警风暴：一分钟内大量告警` : `${gravest.objectName}：${gravest.title.zh}${one ? '' : ` 等 ${alarms.length} 条`}`
  const acting = asSystem(ctx)
  const { id, number } = await addIncident(acting, {
    title: title.slice(0, 120),
    symptom: [...lines, ...more].join('\n').slice(0, 2000),
    criteria: [criterionOf[gravest.level]],
    source: 'MONITOR',
    tenantId: storm ? null : gravest.tenantId,
    applicationId: storm ? null : gravest.applicationId,
    reporterId: null,
    reporterName: '监控',
    reporterPhone: '',
    detectedAt: alarms.map(({ sinceAt }) => sinceAt).reduce((a, b) => (Temporal.Instant.compare(a, b) < 0 ? a : b)),
    reportedAt: ctx.now,
    isSecurity: isSecurity && !storm,
    sourceKey,
  })
  event.opened = { id, number }
  if (storm) await groupIncidents(acting, id, { source: 'MONITOR', openedSince: ctx.now.subtract({ minutes: 2 }) })
}

export const noteRecovered: Reaction<'alarm.recovered'> = async (ctx, { alarms, incidentId, closedAt }) => {
  if (!incidentId) return
  const at = closedAt.toZonedDateTimeISO(SHANGHAI).toPlainTime().toString({ smallestUnit: 'second' })
  const names = alarms.slice(0, LISTED).map(({ objectName, title }) => `${objectName}：${title.zh}`)
  const more = alarms.length > LISTED ? `……共 ${alarms.length} 条` : ''
  await noteIncident(asSystem(ctx), incidentId, `告警恢复（${at}）：${names.join('；')}${more}`)
}

/** Applications that cannot do without what is gone are down from the first bad sight on, until somebody rules otherwise. @clause 7.1-I-2 */
export const openOutages: Reaction<'alarm.object-lost'> = async (ctx, { alarm, cause, written }) => {
  if (!alarm.objectId) return
  const acting = asSystem(ctx)
  const { applications } = await impactOf(acting, alarm.objectId, 'DOWN', 8)
  const lost = applications.filter(({ effect }) => effect === 'LOST').map(({ id }) => id)
  const domain = OutageDomain.safeParse(cause)
  for (const application of (await applicationsById(acting, lost)).values()) {
    const { measurement, env, state } = application
    const counts = env === 'PROD' && state !== 'RETIRED' && measurement?.customer && measurement.projectManager
    if (!counts || Temporal.Instant.compare(measurement.startsAt, ctx.now) > 0) continue
    const id = await addOutage(acting, {
      applicationId: application.id,
      source: 'ALARM',
      from: alarm.sinceAt,
      to: null,
      domain: domain.success ? domain.data : null,
      note: `${alarm.objectName}：${alarm.title.zh}`,
    })
    written.push({ applicationId: application.id, id })
  }
}
export const closeOutages: Reaction<'alarm.object-back'> = async (ctx, { alarm, outages, backAt }) => {
  for (const { applicationId, id } of outages) await closeOutage(asSystem(ctx), applicationId, id, backAt, `告警恢复：${alarm.objectName}`)
}

const APPLICATIONS_SHOWN = 60
/** What stands above alarms adds its part to the wall of the duty room. */
export const addToWall: Reaction<'wall.asked'> = async (ctx, { board }) => {
  // the caller is a screen: what it shows was decided when it was approved
  const acting = asSystem(ctx)
  const year = ctx.now.toZonedDateTimeISO(SHANGHAI).year
  for (const { id, number, title, severity, handlerName, clocks } of (await listRunning(acting)).items) {
    const next = clocks.filter(({ doneAt }) => doneAt === null).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0]
    board.incidents.push({ id, number, title, severity, handlerName, clock: next?.clock ?? null, dueAt: next?.dueAt ?? null })
  }
  for (const { line, shift } of await onDutyAt(acting, ctx.now))
    if (shift) board.onDuty.push({ line, name: shift.primary.name, backup: shift.backup?.name ?? null, until: shift.endsAt })
  const { items } = await listAvailability(acting, { year }, { all: true })
  const worstFirst = [...items].sort((a, b) => Number(a.state === 'UP') - Number(b.state === 'UP'))
  board.applications.push(
    ...worstFirst.slice(0, APPLICATIONS_SHOWN).map(({ applicationId, name, state }) => ({ id: applicationId, name, state })),
  )
}
