import { type CalendarChange, type calendarApi, calendarProblems, type DayKind } from '@changbai/contract/calendar.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { loadCalendar } from './calendar.service.ts'
import {
  changeRows,
  insertChange,
  lockCalendar,
  lockChange,
  removeDays,
  saveDays,
  saveYear,
  settleChange,
  yearRow,
} from './calendar.store.ts'
import { ordinaryKind } from './domain/calendar.ts'

const toChange = (ctx: Ctx, row: Row<'calendar_change'>): CalendarChange => ({
  id: row.id,
  year: row.year,
  publishes: row.publishes,
  publishedDoc: row.published_doc,
  reason: row.reason,
  status: row.status,
  days: row.days,
  proposedBy: row.proposed_by,
  proposedByName: row.proposed_by_name,
  proposedAt: row.proposed_at.toString(),
  decidedByName: row.decided_by_name,
  decidedAt: row.decided_at?.toString() ?? null,
  comment: row.comment,
  mayDecide: row.status === 'PROPOSED' && row.proposed_by !== ctx.actor.personId && actorCan(ctx.actor, 'calendar.edit', 'A'),
})

/** Weekends are worked only as make-up days; a weekday rests only for a holiday. */
const isPossible = (on: Temporal.PlainDate, kind: DayKind): boolean => {
  const isWeekend = ordinaryKind(on) === 'WEEKEND'
  if (kind === 'WORKDAY' || kind === 'IN_LIEU_REST') return !isWeekend
  if (kind === 'WEEKEND' || kind === 'MAKEUP_WORK') return isWeekend
  return true
}

/** Somebody enters a notice, or a day the locality added; nothing changes until a second person agrees. */
export async function proposeCalendarChange(
  ctx: Ctx,
  input: Input<typeof calendarApi.proposeChange>,
): Promise<Reply<typeof calendarApi.proposeChange>> {
  const calendar = await loadCalendar(ctx)
  const days: CalendarChange['days'] = []
  for (const { on, kind, name, nameEn } of new Map(input.days.map((one) => [one.on, one])).values()) {
    const day = Temporal.PlainDate.from(on)
    if (day.year !== input.year) fail(calendarProblems.otherYear, { on, year: input.year })
    if (!isPossible(day, kind)) fail(calendarProblems.wrongKind, { on, kind, weekday: `周${'一二三四五六日'[day.dayOfWeek - 1]}` })
    const before = calendar.dayAt(day)
    if (before.kind === kind && before.name === name) continue
    days.push({ on, kind, name, nameEn, before: before.kind, beforeName: before.name })
  }
  const year = await yearRow(ctx.db, input.year)
  const publishes = input.publishes && year?.status !== 'PUBLISHED'
  if (days.length === 0 && !publishes) fail(calendarProblems.nothingChanged)

  const id = newId(ctx.now.epochMilliseconds)
  const row = {
    id,
    year: input.year,
    publishes,
    published_doc: input.publishedDoc,
    reason: input.reason,
    status: 'PROPOSED' as const,
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    comment: null,
  }
  await insertChange(ctx.db, { ...row, days: JSON.stringify(days) })
  await ctx.record({
    kind: 'calendar.change-proposed',
    subject: { type: 'calendar_change', id },
    after: { year: input.year, publishes, days },
  })
  return toChange(ctx, { ...row, days })
}

async function lockOpenChange(ctx: Ctx, changeId: string): Promise<Row<'calendar_change'>> {
  const change = (await lockChange(ctx.db, changeId)) ?? fail(commonProblems.notFound)
  if (change.status !== 'PROPOSED') fail(calendarProblems.decided, { by: change.decided_by_name ?? change.proposed_by_name })
  return change
}

/** The second person: agreed days take effect at once, and open due times that reach into them are recomputed by whoever keeps them. */
export async function decideCalendarChange(
  ctx: Ctx,
  { changeId, decision, comment }: Input<typeof calendarApi.decideChange>,
): Promise<Reply<typeof calendarApi.decideChange>> {
  const change = await lockOpenChange(ctx, changeId)
  if (change.proposed_by === personOf(ctx.actor)) fail(calendarProblems.samePerson)

  if (decision === 'APPROVE') await applyChange(ctx, change)
  const settled = await settleChange(ctx.db, changeId, {
    status: decision === 'APPROVE' ? 'APPROVED' : 'REJECTED',
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
  })
  await ctx.record({
    kind: decision === 'APPROVE' ? 'calendar.change-approved' : 'calendar.change-rejected',
    subject: { type: 'calendar_change', id: changeId },
    before: change.days.map(({ on, before, beforeName }) => ({ on, kind: before, name: beforeName })),
    after: decision === 'APPROVE' ? change.days.map(({ on, kind, name }) => ({ on, kind, name })) : undefined,
    data: { comment },
  })
  if (decision === 'APPROVE') {
    const touched = change.days.map((one) => one.on).sort()
    await ctx.publish('calendar.changed', {
      year: change.year,
      // an announced year also turns provisional due times into certain ones, all over the year
      from: change.publishes ? `${change.year}-01-01` : (touched[0] ?? `${change.year}-01-01`),
      to: change.publishes ? `${change.year}-12-31` : (touched.at(-1) ?? `${change.year}-12-31`),
      publishes: change.publishes,
    })
  }
  return toChange(ctx, settled)
}

async function applyChange(ctx: Ctx, change: Row<'calendar_change'>): Promise<void> {
  await lockCalendar(ctx.db)
  const year = await yearRow(ctx.db, change.year)
  if (!year || change.publishes) {
    await saveYear(ctx.db, {
      year: change.year,
      status: change.publishes ? 'PUBLISHED' : 'PROVISIONAL',
      published_doc: change.published_doc,
      source: `editor: ${change.proposed_by_name}`,
      published_at: change.publishes ? ctx.now : null,
    })
  }
  const ordinary = change.days.filter((one) => one.kind === ordinaryKind(Temporal.PlainDate.from(one.on)) && one.name === null)
  await removeDays(
    ctx.db,
    ordinary.map((one) => Temporal.PlainDate.from(one.on)),
  )
  await saveDays(
    ctx.db,
    change.days
      .filter((one) => !ordinary.includes(one))
      .map((one) => ({
        on_day: Temporal.PlainDate.from(one.on),
        year: change.year,
        kind: one.kind,
        name: one.name,
        name_en: one.nameEn,
        published_doc: change.published_doc,
        source: `editor: ${change.proposed_by_name}`,
        changed_by_name: change.proposed_by_name,
        approved_by_name: ctx.actor.name,
      })),
  )
}

export async function withdrawCalendarChange(
  ctx: Ctx,
  { changeId }: Input<typeof calendarApi.withdrawChange>,
): Promise<Reply<typeof calendarApi.withdrawChange>> {
  const change = await lockOpenChange(ctx, changeId)
  if (change.proposed_by !== personOf(ctx.actor)) fail(commonProblems.notFound)
  const settled = await settleChange(ctx.db, changeId, {
    status: 'WITHDRAWN',
    decided_by: change.proposed_by,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
  })
  await ctx.record({ kind: 'calendar.change-withdrawn', subject: { type: 'calendar_change', id: changeId } })
  return toChange(ctx, settled)
}

export async function listCalendarChanges(ctx: Ctx, input: Input<typeof calendarApi.changes>): Promise<Reply<typeof calendarApi.changes>> {
  const { year, status, limit } = input
  const rows = await changeRows(ctx.db, { year, status, before: readCursor(input.after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: items.map((row) => toChange(ctx, row)), next }
}
