import type { Ctx } from '../../platform/ctx.ts'
import { impactOf } from '../inventory/index.ts'
import './alarm.events.ts'
import type { AlarmTold } from './alarm.events.ts'
import { type AlarmRow, childrenOf, joinIncident, openOf, stormIncident, updateAlarm } from './alarm.store.ts'
import type { Act } from './stages/alarm.domain.ts'

/** What came of one alarm in this call. */
export interface Done {
  alarmId: string
  acts: readonly Act[]
  fired: boolean
  closed: boolean
}

/** Takes alarms through the stages again because their surroundings changed. */
type LookAgain = (ctx: Ctx, ids: readonly string[]) => Promise<void>

export const toTold = (row: AlarmRow): AlarmTold => ({
  id: row.id,
  title: row.title,
  level: row.level,
  objectName: row.object_name,
  objectId: row.object_id,
  tenantId: row.tenant_id,
  applicationId: row.application_id,
  sinceAt: row.since_at,
  value: row.value,
  unit: row.unit,
})

/** Carries out what the stages decided: those of one matter together, so that it opens one incident. */
export async function act(ctx: Ctx, done: readonly Done[], rows: ReadonlyMap<string, AlarmRow>, again: LookAgain): Promise<void> {
  const rowOf = (id: string): AlarmRow => rows.get(id) as AlarmRow
  const asking = done.filter(({ acts }) => acts.includes('INCIDENT')).map(({ alarmId }) => rowOf(alarmId))
  for (const [key, group] of Map.groupBy(asking, (row) => (row.storm ? 'storm' : row.group_key))) await raise(ctx, key, group)
  await tellRecovered(
    ctx,
    done.filter(({ acts }) => acts.includes('RECOVERED')).map(({ alarmId }) => rowOf(alarmId)),
  )
  for (const { alarmId, acts, fired, closed } of done) {
    const row = rowOf(alarmId)
    const alarm = toTold(row)
    if (acts.includes('NOTICE')) await ctx.publish('alarm.noticed', { alarm })
    if (acts.includes('ESCALATE')) await ctx.publish('alarm.escalated', { alarm, step: row.step })
    if (acts.includes('FLAPPING')) await ctx.publish('alarm.flapping', { alarm, began: row.flapping })
    if (row.lost && row.object_id && fired) await lose(ctx, row, again)
    if (row.lost && closed) await find(ctx, row, again)
  }
}

/** When a storm is over its incident hears of it once, not thousands of times. */
async function tellRecovered(ctx: Ctx, rows: readonly AlarmRow[]): Promise<void> {
  for (const [incidentId, group] of Map.groupBy(rows, (row) => row.incident_id)) {
    const closed = group.map((row) => row.closed_at ?? ctx.now)
    const closedAt = closed.reduce((a, b) => (Temporal.Instant.compare(a, b) > 0 ? a : b))
    await ctx.publish('alarm.recovered', { alarms: group.map(toTold), incidentId, closedAt })
  }
}

async function raise(ctx: Ctx, key: string, group: readonly AlarmRow[]): Promise<void> {
  const ids = group.map(({ id }) => id)
  const going = key === 'storm' ? await stormIncident(ctx.db, ctx.now.subtract({ minutes: 1 })) : undefined
  if (going) return joinIncident(ctx.db, ids, going)
  const event = {
    sourceKey: `alarm:${key}`,
    storm: key === 'storm',
    alarms: group.map(toTold),
    isSecurity: group.some(({ topic }) => topic === 'attack' || topic === 'policy'),
    opened: null as { id: string; number: string } | null,
  }
  await ctx.publish('alarm.raised', event)
  const { opened } = event
  if (!opened) return
  await joinIncident(ctx.db, ids, opened)
}

/** A thing is as good as gone: alarms of what needs it follow from this one, and applications that cannot do without it are down. */
async function lose(ctx: Ctx, row: AlarmRow, again: LookAgain): Promise<void> {
  const { nodes } = await impactOf(ctx, row.object_id as string, 'DOWN', 8)
  const ids = [row.object_id as string, ...nodes.filter(({ effect }) => effect === 'LOST').map(({ id }) => id)]
  await again(ctx, await openOf(ctx.db, ids, row.id))
  // what follows from another alarm is counted there, once
  if (row.root_id) return
  const written: { applicationId: string; id: string }[] = []
  await ctx.publish('alarm.object-lost', { alarm: toTold(row), cause: row.cause, written })
  if (written.length > 0)
    await updateAlarm(ctx.db, row.id, { outages: JSON.stringify([...row.outages, ...written]) as unknown as AlarmRow['outages'] })
}

/** It is back: what followed from it stands on its own again. */
async function find(ctx: Ctx, row: AlarmRow, again: LookAgain): Promise<void> {
  await again(
    ctx,
    (await childrenOf(ctx.db, row.id)).filter(({ state }) => state !== 'CLOSED').map(({ id }) => id),
  )
  if (row.outages.length === 0) return
  await ctx.publish('alarm.object-back', { alarm: toTold(row), outages: row.outages, backAt: row.closed_at ?? ctx.now })
  await updateAlarm(ctx.db, row.id, { outages: JSON.stringify([]) as unknown as AlarmRow['outages'] })
}
