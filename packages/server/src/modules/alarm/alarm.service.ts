import { type Alarm, alarmProblems } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { watchedItems } from '../inventory/index.ts'
import { toSummary } from './alarm.present.ts'
import {
  type AlarmFilter,
  type AlarmRow,
  childrenOf,
  countAlarms,
  countOpenByLevel,
  findAlarm,
  insertAlarmEvents,
  listAlarms,
  lockAlarms,
  openOnObjects,
  trailOf,
  updateAlarm,
} from './alarm.store.ts'
import { ALARM_CHANNEL, Batch, trailRows } from './observe.service.ts'
import { levels } from './rules/pack.domain.ts'
import { closeFor } from './stages/lifecycle.domain.ts'
import { columnsOf, watchOf } from './watch.row.ts'

type Api = typeof alarmApi
const scopeNow = (ctx: Ctx) => scopeOf(ctx.actor, 'monitor.read', 'R', 'r')
const placeOf = (row: AlarmRow) => ({ tenantId: row.tenant_id, applicationId: row.application_id })

/** @throws not-found for an alarm out of reach */
async function reachAlarm(ctx: Ctx, id: string): Promise<AlarmRow> {
  const row = (await findAlarm(ctx.db, id)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'monitor.read', ['R', 'r'], placeOf(row))
  return row
}

export async function listAlarmPage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { after, limit, level, q, topic, ruleId, ...rest } = input
  const filter: AlarmFilter = {
    ...rest,
    q: q?.trim() || undefined,
    topic: topic || undefined,
    ruleId: ruleId || undefined,
    levels: level?.split(',').filter((one) => levels.some((known) => known === one)),
  }
  const rows = await listAlarms(ctx.db, filter, scopeNow(ctx), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  const first = after
    ? {}
    : { total: await countAlarms(ctx.db, filter, scopeNow(ctx)), counts: await countOpenByLevel(ctx.db, scopeNow(ctx)) }
  return { items: items.map(toSummary), next, ...first }
}

export async function getAlarm(ctx: Ctx, { alarmId }: Input<Api['get']>): Promise<Alarm> {
  const row = await reachAlarm(ctx, alarmId)
  const scope = scopeNow(ctx)
  const children = (await childrenOf(ctx.db, row.id)).filter((child) => reaches(scope, placeOf(child)))
  const isOpen = row.state !== 'CLOSED'
  const can = (capability: 'alert.ack' | 'alert.silence', verb: 'X' | 'U' | 'C'): boolean => actorCan(ctx.actor, capability, verb)
  const mayAck = can('alert.ack', 'X') || can('alert.ack', 'U')
  return {
    ...toSummary(row),
    hint: row.hint,
    clause: row.clause,
    cause: row.cause,
    labels: row.labels,
    sourceName: null,
    goodAt: row.good_at?.toString() ?? null,
    lastAt: row.last_at.toString(),
    nextAt: row.next_at?.toString() ?? null,
    ackedAt: row.acked_at?.toString() ?? null,
    note: row.note,
    reopened: row.reopened,
    trail: (await trailOf(ctx.db, row.id)).map(({ id, at, stage, reason, params, by_name }) => ({
      id,
      at: at.toString(),
      stage,
      reason,
      params,
      byName: by_name,
    })),
    children: children.map(toSummary),
    may: [
      ...(isOpen && mayAck && !row.acked_at ? (['ACK'] as const) : []),
      ...(mayAck ? (['NOTE'] as const) : []),
      ...(isOpen && can('alert.silence', 'C') ? (['SILENCE'] as const) : []),
      ...(isOpen && can('alert.ack', 'U') ? (['CLOSE'] as const) : []),
    ],
  }
}

/** Somebody sees to it: nobody further is told. What is closed or acknowledged already is passed over. */
export async function acknowledgeAlarms(ctx: Ctx, { alarmIds, note }: Input<Api['acknowledge']>): Promise<Reply<Api['acknowledge']>> {
  const scope = scopeNow(ctx)
  const rows = (await lockAlarms(ctx.db, alarmIds)).filter((row) => row.state !== 'CLOSED' && !row.acked_at && reaches(scope, placeOf(row)))
  for (const row of rows) {
    const { escalate: _, ...timers } = row.timers
    const due = Object.values(timers)
    await updateAlarm(ctx.db, row.id, {
      acked_by: personOf(ctx.actor),
      acked_by_name: ctx.actor.name,
      acked_at: ctx.now,
      timers: JSON.stringify(timers) as unknown as AlarmRow['timers'],
      next_at: due.length === 0 ? null : Temporal.Instant.fromEpochMilliseconds(Math.min(...due)),
      ...(note ? { note } : {}),
    })
    await insertAlarmEvents(
      ctx.db,
      trailRows(ctx, row.id, [{ stage: 'person', reason: 'acknowledged', ...(note ? { params: { note } } : {}) }]),
    )
  }
  if (rows.length > 0) {
    await ctx.record({
      kind: 'alarm.acknowledged',
      subject: { type: 'alarm', id: rows[0]?.id ?? '' },
      data: { alarmIds: rows.map(({ id }) => id), note },
    })
    await notifyLive(ctx.db, ALARM_CHANNEL, '')
  }
  return { acknowledged: rows.length }
}

export async function noteAlarm(ctx: Ctx, { alarmId, note }: Input<Api['note']>): Promise<Alarm> {
  const row = await reachAlarm(ctx, alarmId)
  await updateAlarm(ctx.db, row.id, { note })
  await insertAlarmEvents(ctx.db, trailRows(ctx, row.id, [{ stage: 'person', reason: 'noted', params: { note } }]))
  await ctx.record({ kind: 'alarm.noted', subject: { type: 'alarm', id: row.id }, tenantId: row.tenant_id, data: { note } })
  return getAlarm(ctx, { alarmId })
}

/** For what its source will never take back, because it is gone. */
export async function closeAlarm(ctx: Ctx, { alarmId, reason }: Input<Api['close']>): Promise<Alarm> {
  await reachAlarm(ctx, alarmId)
  const [row] = await lockAlarms(ctx.db, [alarmId])
  if (!row || row.state === 'CLOSED') return fail(alarmProblems.closed)
  await closeRows(ctx, [row], 'BY_HAND')
  await insertAlarmEvents(ctx.db, trailRows(ctx, row.id, [{ stage: 'person', reason: 'noted', params: { note: reason } }]))
  await ctx.record({ kind: 'alarm.closed', subject: { type: 'alarm', id: row.id }, tenantId: row.tenant_id, data: { reason } })
  return getAlarm(ctx, { alarmId })
}
async function closeRows(ctx: Ctx, rows: readonly AlarmRow[], why: 'RETIRED' | 'BY_HAND'): Promise<void> {
  const batch = new Batch(ctx)
  for (const row of rows) {
    const step = closeFor(watchOf(row), ctx.now.epochMilliseconds, why)
    batch.take(row, { ...row, ...columnsOf(step.watch) }, step)
  }
  await batch.finish()
}

/** What was taken out of use is not recovered: its alarms close as retired. */
export async function retireAlarms(ctx: Ctx): Promise<void> {
  const open = await openOnObjects(ctx.db)
  const items = await watchedItems(ctx, [...new Set(open.map(({ objectId }) => objectId))])
  const gone = open.filter(({ objectId }) => items.get(objectId)?.retired).map(({ id }) => id)
  if (gone.length > 0)
    await closeRows(
      ctx,
      (await lockAlarms(ctx.db, gone)).filter(({ state }) => state !== 'CLOSED'),
      'RETIRED',
    )
}
