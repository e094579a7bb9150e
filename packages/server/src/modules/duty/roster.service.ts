import { type DutyLine, type dutyApi, dutyProblems, type RosterDetail } from '@changbai/contract/duty.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { personNames } from '../identity/index.ts'
import { type DeskHours, flawsOf, isQualified, requiredSpans, rotate } from './duty.domain.ts'
import {
  deleteRoster,
  deleteShift,
  insertRoster,
  insertShifts,
  listRosters,
  lockRoster,
  lockShift,
  officersById,
  publishedShifts,
  publishRoster,
  type RosterRow,
  rosterRow,
  rostersWithin,
  type ShiftRow,
  shiftsOfRoster,
  updateShift,
} from './duty.store.ts'
import { namesForShifts, spanOf, toShift } from './present.ts'

type Api = typeof dutyApi
/** Nobody plans further at once, and no reckoning runs away. */
export const DAYS_MAX = 100
const ROUND = Temporal.Duration.from({ hours: 24 })

export const deskHours = (ctx: Pick<Ctx, 'plan'>): DeskHours => ctx.plan.value<DeskHours>('calendar.hotlineHours')
const midnight = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()
const at = (milliseconds: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(milliseconds)

/** @throws invalid for days in the wrong order or too many */
export function readDays(input: { fromOn: string; toOn: string }): { fromOn: Temporal.PlainDate; toOn: Temporal.PlainDate } {
  const [fromOn, toOn] = [Temporal.PlainDate.from(input.fromOn), Temporal.PlainDate.from(input.toOn)]
  const days = fromOn.until(toOn).days
  if (days < 0 || days >= DAYS_MAX) fail(commonProblems.invalid, {}, [{ path: 'toOn', code: 'range', message: `1–${DAYS_MAX} 天 / days` }])
  return { fromOn, toOn }
}

/** Flaws of a roster among what is published around it. */
async function flawsNow(ctx: Ctx, roster: RosterRow, shifts: readonly ShiftRow[]) {
  const calendar = await loadCalendar(ctx)
  const required = requiredSpans(roster.line, roster.from_on, roster.to_on, calendar.isWorkday, deskHours(ctx))
  const around = await publishedShifts(ctx.db, {
    from: midnight(roster.from_on).subtract(ROUND),
    to: midnight(roster.to_on.add({ days: 1 })).add(ROUND),
    line: roster.line,
  })
  const others = around.filter((row) => row.roster_id !== roster.id).map(spanOf)
  return flawsOf(required, shifts.map(spanOf), others, roster.from_on, roster.to_on)
}

async function toDetail(ctx: Ctx, roster: RosterRow): Promise<RosterDetail> {
  const shifts = await shiftsOfRoster(ctx.db, roster.id)
  const names = await namesForShifts(ctx, shifts)
  const flaws = roster.state === 'DRAFT' ? await flawsNow(ctx, roster, shifts) : []
  return {
    ...toRoster({ ...roster, shifts: shifts.length }),
    items: shifts.map((row) => toShift(row, names)),
    flaws: flaws.map(({ kind, from, to }) => ({ kind, from: at(from).toString(), to: at(to).toString() })),
  }
}
const toRoster = (row: RosterRow & { shifts: number }) => ({
  id: row.id,
  line: row.line,
  fromOn: row.from_on.toString(),
  toOn: row.to_on.toString(),
  state: row.state,
  madeBy: row.made_by,
  publishedBy: row.published_by,
  publishedAt: row.published_at?.toString() ?? null,
  shifts: row.shifts,
})

/** Everybody on a shift has passed the test and the drill. @clause 5.8-3 */
export async function requireQualified(
  ctx: Ctx,
  shifts: readonly { line: DutyLine; startsAt: Temporal.Instant; personIds: readonly string[] }[],
) {
  const ids = [...new Set(shifts.flatMap((shift) => shift.personIds))]
  const officers = await officersById(ctx.db, ids)
  for (const { line, startsAt, personIds } of shifts) {
    const on = shanghaiDay(startsAt)
    for (const id of personIds) {
      const row = officers.get(id)
      const known = row && { lines: row.lines, passedOn: row.passed_on, drilledOn: row.drilled_on }
      if (isQualified(known, line, on)) continue
      fail(dutyProblems.notQualified, { name: (await personNames(ctx, [id])).get(id) ?? '', on: on.toString() })
    }
  }
}

/** Nobody stands on two shifts at a time. */
export async function requireFree(
  ctx: Ctx,
  shifts: readonly { startsAt: Temporal.Instant; endsAt: Temporal.Instant; personIds: readonly string[] }[],
  except: string,
) {
  for (const { startsAt, endsAt, personIds } of shifts) {
    const there = await publishedShifts(ctx.db, { from: startsAt, to: endsAt })
    for (const id of personIds) {
      const other = there.find((row) => row.roster_id !== except && row.id !== except && (row.primary_id === id || row.backup_id === id))
      if (other) fail(dutyProblems.busy, { name: (await personNames(ctx, [id])).get(id) ?? '', at: other.starts_at.toString() })
    }
  }
}
const standingOn = (row: ShiftRow) => ({
  line: row.line,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  personIds: [row.primary_id, row.backup_id],
})

export async function draftRoster(ctx: Ctx, input: Input<Api['draft']>): Promise<Reply<Api['draft']>> {
  const { fromOn, toOn } = readDays(input)
  const { line, personIds } = input
  if (new Set(personIds).size !== personIds.length) fail(dutyProblems.samePerson)
  const [taken] = await rostersWithin(ctx.db, line, fromOn, toOn)
  if (taken) fail(dutyProblems.periodTaken, { fromOn: taken.from_on.toString(), toOn: taken.to_on.toString() })
  await requireQualified(ctx, [{ line, startsAt: midnight(fromOn), personIds }])

  const calendar = await loadCalendar(ctx)
  const before = await publishedShifts(ctx.db, { from: midnight(fromOn), to: midnight(fromOn.add({ days: 1 })), line })
  const coveredUntil = Math.max(0, ...before.map((row) => row.ends_at.epochMilliseconds))
  const spans = rotate({ ...input, fromOn, toOn }, calendar.isWorkday, deskHours(ctx), coveredUntil)
  const roster: RosterRow = {
    id: newId(),
    line,
    from_on: fromOn,
    to_on: toOn,
    state: 'DRAFT',
    made_by: ctx.actor.name,
    made_at: ctx.now,
    published_by: null,
    published_at: null,
  }
  await insertRoster(ctx.db, roster)
  await insertShifts(
    ctx.db,
    spans.map((span) => ({
      id: newId(),
      roster_id: roster.id,
      line,
      starts_at: at(span.from),
      ends_at: at(span.to),
      primary_id: span.primaryId,
      backup_id: span.backupId,
      published: false,
    })),
  )
  await ctx.record({
    kind: 'duty.drafted',
    subject: { type: 'duty-roster', id: roster.id },
    after: { line, fromOn, toOn, shifts: spans.length },
  })
  return toDetail(ctx, roster)
}

async function draftOfShift(ctx: Ctx, shiftId: string): Promise<{ shift: ShiftRow; roster: RosterRow }> {
  const shift = (await lockShift(ctx.db, shiftId)) ?? fail(commonProblems.notFound)
  if (shift.published) fail(dutyProblems.published)
  return { shift, roster: (await lockRoster(ctx.db, shift.roster_id)) ?? fail(commonProblems.notFound) }
}

export async function saveShift(ctx: Ctx, input: Input<Api['saveShift']>): Promise<Reply<Api['saveShift']>> {
  const { shift, roster } = await draftOfShift(ctx, input.shiftId)
  const { primaryId, backupId } = input
  if (primaryId === backupId) fail(dutyProblems.samePerson)
  const [startsAt, endsAt] = [Temporal.Instant.from(input.startsAt), Temporal.Instant.from(input.endsAt)]
  if (Temporal.Instant.compare(startsAt, endsAt) >= 0)
    fail(commonProblems.invalid, {}, [{ path: 'endsAt', code: 'order', message: '结束须晚于开始 / must be later than the start' }])
  await requireQualified(ctx, [{ line: shift.line, startsAt, personIds: [primaryId, backupId] }])
  await updateShift(ctx.db, shift.id, { starts_at: startsAt, ends_at: endsAt, primary_id: primaryId, backup_id: backupId })
  await ctx.record({
    kind: 'duty.shift-changed',
    subject: { type: 'duty-shift', id: shift.id },
    before: {
      primaryId: shift.primary_id,
      backupId: shift.backup_id,
      startsAt: shift.starts_at.toString(),
      endsAt: shift.ends_at.toString(),
    },
    after: { primaryId, backupId, startsAt: input.startsAt, endsAt: input.endsAt },
  })
  return toDetail(ctx, roster)
}

export async function removeShift(ctx: Ctx, { shiftId }: Input<Api['removeShift']>): Promise<Reply<Api['removeShift']>> {
  const { shift, roster } = await draftOfShift(ctx, shiftId)
  await deleteShift(ctx.db, shift.id)
  await ctx.record({ kind: 'duty.shift-removed', subject: { type: 'duty-shift', id: shift.id }, before: standingOn(shift) })
  return toDetail(ctx, roster)
}

/**
 * A roster with a gap cannot be published.
 * @clause 5.10.1-(1)a 5.10.1-(2)a
 */
export async function publish(ctx: Ctx, { rosterId }: Input<Api['publish']>): Promise<Reply<Api['publish']>> {
  const roster = (await lockRoster(ctx.db, rosterId)) ?? fail(commonProblems.notFound)
  if (roster.state === 'PUBLISHED') fail(dutyProblems.published)
  const shifts = await shiftsOfRoster(ctx.db, roster.id)
  const flaws = await flawsNow(ctx, roster, shifts)
  if (flaws.length > 0)
    fail(dutyProblems.gaps, {
      flaws: flaws.slice(0, 20).map(({ kind, from, to }) => ({ kind, from: at(from).toString(), to: at(to).toString() })),
    })
  await requireQualified(ctx, shifts.map(standingOn))
  await requireFree(ctx, shifts.map(standingOn), roster.id)
  await publishRoster(ctx.db, roster.id, ctx.actor.name, ctx.now)
  await ctx.record({
    kind: 'duty.published',
    subject: { type: 'duty-roster', id: roster.id },
    after: { line: roster.line, fromOn: roster.from_on, toOn: roster.to_on, shifts: shifts.length },
  })
  await ctx.publish('duty.published', {
    rosterId,
    line: roster.line,
    fromOn: roster.from_on,
    toOn: roster.to_on,
    personIds: [...new Set(shifts.flatMap((row) => [row.primary_id, row.backup_id]))],
  })
  return toDetail(ctx, { ...roster, state: 'PUBLISHED', published_by: ctx.actor.name, published_at: ctx.now })
}

export async function discard(ctx: Ctx, { rosterId }: Input<Api['discard']>): Promise<Reply<Api['discard']>> {
  const roster = (await lockRoster(ctx.db, rosterId)) ?? fail(commonProblems.notFound)
  if (roster.state === 'PUBLISHED') fail(dutyProblems.published)
  await deleteRoster(ctx.db, rosterId)
  await ctx.record({
    kind: 'duty.discarded',
    subject: { type: 'duty-roster', id: rosterId },
    before: { line: roster.line, fromOn: roster.from_on },
  })
  return {}
}

export async function listRosterPage(ctx: Ctx, { line, after, limit }: Input<Api['rosters']>): Promise<Reply<Api['rosters']>> {
  const rows = await listRosters(ctx.db, line, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.from_on.toString(), row.id])
  return { items: items.map(toRoster), next }
}
export async function getRoster(ctx: Ctx, { rosterId }: Input<Api['roster']>): Promise<Reply<Api['roster']>> {
  return toDetail(ctx, (await rosterRow(ctx.db, rosterId)) ?? fail(commonProblems.notFound))
}

declare module '../../platform/ctx.ts' {
  interface Events {
    'duty.published': { rosterId: string; line: DutyLine; fromOn: Temporal.PlainDate; toOn: Temporal.PlainDate; personIds: string[] }
  }
}
