import { alarmProblems, type Silence } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { watchedItems } from '../inventory/index.ts'
import { lookAgainAt } from './observe.service.ts'
import { endSilenceRow, insertSilence, listSilences, lockSilence, openFitting, type SilenceRow } from './silence.store.ts'

type Api = typeof alarmApi
const toSilence = (ctx: Ctx, row: SilenceRow): Silence => ({
  id: row.id,
  reason: row.reason,
  ruleId: row.rule_id,
  objectName: row.object_name,
  applicationName: row.application_name,
  startsAt: row.starts_at.toString(),
  endsAt: row.ends_at.toString(),
  createdByName: row.created_by_name,
  endedByName: row.ended_by_name,
  active: Temporal.Instant.compare(row.starts_at, ctx.now) <= 0 && Temporal.Instant.compare(row.ends_at, ctx.now) > 0,
})

export const listSilencePage = async (ctx: Ctx): Promise<Reply<Api['silences']>> => ({
  items: (await listSilences(ctx.db)).map((row) => toSilence(ctx, row)),
})

/** Keeps people from being told, with an end; longer than the plan's hours only by who manages maintenance (ruling 12). */
export async function createSilence(ctx: Ctx, input: Input<Api['silence']>): Promise<Silence> {
  const { reason, ruleId, objectId, applicationId } = input
  if (!ruleId && !objectId && !applicationId) fail(alarmProblems.noScope)
  const endsAt = Temporal.Instant.from(input.endsAt)
  if (Temporal.Instant.compare(endsAt, ctx.now) <= 0) fail(alarmProblems.silenceOver)
  const hours = ctx.plan.number('monitoring.silenceHours')
  if (Temporal.Instant.compare(endsAt, ctx.now.add({ hours })) > 0 && !actorCan(ctx.actor, 'alert.silence', 'X'))
    fail(alarmProblems.tooLong, { hours })
  const items = await watchedItems(
    ctx,
    [objectId, applicationId].filter((id) => id !== undefined),
  )
  const nameOf = (id: string | undefined): string => (id === undefined ? '' : (items.get(id)?.name ?? fail(commonProblems.notFound)))
  const row: SilenceRow = {
    id: newId(),
    reason,
    rule_id: ruleId ?? null,
    object_id: objectId ?? null,
    object_name: nameOf(objectId),
    application_id: applicationId ?? null,
    application_name: nameOf(applicationId),
    starts_at: ctx.now,
    ends_at: endsAt,
    created_by: personOf(ctx.actor),
    created_by_name: ctx.actor.name,
    created_at: ctx.now,
    ended_by_name: null,
  }
  await insertSilence(ctx.db, row)
  await ctx.record({
    kind: 'alarm-silence.created',
    subject: { type: 'alarm-silence', id: row.id },
    data: { reason, ruleId, objectId, applicationId, endsAt: input.endsAt },
  })
  await lookAgainAt(ctx, await openFitting(ctx.db, row))
  return toSilence(ctx, row)
}

/** Alarms that still fire are told of at once. */
export async function endSilence(ctx: Ctx, { silenceId }: Input<Api['endSilence']>): Promise<Silence> {
  const row = (await lockSilence(ctx.db, silenceId)) ?? fail(commonProblems.notFound)
  if (Temporal.Instant.compare(row.ends_at, ctx.now) <= 0) fail(alarmProblems.silenceOver)
  // a silence made in this very millisecond still lasted one
  const end = Temporal.Instant.compare(row.starts_at, ctx.now) < 0 ? ctx.now : ctx.now.add({ milliseconds: 1 })
  await endSilenceRow(ctx.db, silenceId, end, ctx.actor.name)
  await ctx.record({ kind: 'alarm-silence.ended', subject: { type: 'alarm-silence', id: silenceId } })
  await lookAgainAt(ctx, await openFitting(ctx.db, row))
  return toSilence(ctx, { ...row, ends_at: end, ended_by_name: ctx.actor.name })
}
