import { randomBytes } from 'node:crypto'
import { ROLES, type Role, roleCodes } from '@changbai/contract/capability.ts'
import { type DutyLine, type dutyApi, dutyProblems, type OnDuty } from '@changbai/contract/duty.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Download } from '../../platform/mount.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { findPerson, holdersOf, holdersOfEach } from '../identity/index.ts'
import { dutyLines, type PageStep, pagingOrder, requiredSpans, toICalendar, validUntil } from './duty.domain.ts'
import { feedByToken, officerRows, postsOn, publishedShifts, replacePost, saveFeed, saveOfficerRow, shiftsAt } from './duty.store.ts'
import { namesFor, namesForShifts, personFrom, spanOf, toShift } from './present.ts'
import { deskHours, readDays } from './roster.service.ts'

type Api = typeof dutyApi
const PHONES: Partial<Record<DutyLine, string>> = { DESK_5X8: 'hotline.deskPhone', MOBILE_7X24: 'hotline.mobilePhone' }
const LINE_NAMES: Record<DutyLine, string> = { DESK_5X8: '热线座席', MOBILE_7X24: '移动热线', FACILITY_7X24: '机房监控' }
const readAt = (ctx: Ctx, at: string | undefined): Temporal.Instant => (at === undefined ? ctx.now : Temporal.Instant.from(at))

/** Who is on duty at an instant, a line each. */
export async function onDutyAt(ctx: Ctx, at: Temporal.Instant): Promise<OnDuty[]> {
  const rows = await shiftsAt(ctx.db, at)
  const names = await namesForShifts(ctx, rows)
  const calendar = await loadCalendar(ctx)
  const today = shanghaiDay(at)
  return dutyLines.map((line) => {
    const row = rows.find((one) => one.line === line)
    const required = requiredSpans(line, today, today, calendar.isWorkday, deskHours(ctx))
    const phone = PHONES[line]
    return {
      line,
      phone: phone ? ctx.plan.text(phone) : '',
      open: required.some(({ from, to }) => from <= at.epochMilliseconds && at.epochMilliseconds < to),
      shift: row
        ? {
            id: row.id,
            startsAt: row.starts_at.toString(),
            endsAt: row.ends_at.toString(),
            primary: personFrom(names, row.primary_id),
            backup: personFrom(names, row.backup_id),
          }
        : null,
    }
  })
}
export async function readNow(ctx: Ctx, input: Input<Api['now']>): Promise<Reply<Api['now']>> {
  const at = readAt(ctx, input.at)
  return { at: at.toString(), lines: await onDutyAt(ctx, at) }
}

/** The holder of a post before its deputy, both before others with the role. */
function inOrder(holders: readonly string[], role: Role, posts: Awaited<ReturnType<typeof postsOn>>): string[] {
  const post = posts.find((row) => row.role === role)
  const first = [post?.holder_id, post?.deputy_id].filter((id) => id !== undefined && holders.includes(id)) as string[]
  return [...first, ...holders.filter((id) => !first.includes(id)).sort()]
}
/** Whom to reach, one after the other, at an instant. */
export async function pagingSteps(ctx: Ctx, at: Temporal.Instant): Promise<PageStep[]> {
  const shifts = (await shiftsAt(ctx.db, at)).map((row) => ({ line: row.line, primaryId: row.primary_id, backupId: row.backup_id }))
  const posts = await postsOn(ctx.db, shanghaiDay(at))
  const holders = await holdersOfEach(ctx, ['MAINTENANCE_MANAGER', 'PROVIDER_LEADER'])
  const ordered = (role: Role) => inOrder(holders.get(role) ?? [], role, posts)
  return pagingOrder(shifts, ordered('MAINTENANCE_MANAGER'), ordered('PROVIDER_LEADER'))
}
export async function readPagingOrder(ctx: Ctx, input: Input<Api['pagingOrder']>): Promise<Reply<Api['pagingOrder']>> {
  const steps = await pagingSteps(ctx, readAt(ctx, input.at))
  const names = await namesFor(
    ctx,
    steps.map((step) => step.personId),
  )
  return { items: steps.map((step) => ({ ...step, name: names.get(step.personId) ?? '' })) }
}

export async function listShifts(ctx: Ctx, input: Input<Api['shifts']>): Promise<Reply<Api['shifts']>> {
  const { fromOn, toOn } = readDays(input)
  const rows = await publishedShifts(ctx.db, {
    from: fromOn.toZonedDateTime(SHANGHAI).toInstant(),
    to: toOn.add({ days: 1 }).toZonedDateTime(SHANGHAI).toInstant(),
    line: input.line,
    personId: input.mine ? personOf(ctx.actor) : undefined,
  })
  const names = await namesForShifts(ctx, rows)
  return { items: rows.map((row) => toShift(row, names)) }
}

export async function listOfficers(ctx: Ctx): Promise<Reply<Api['officers']>> {
  const rows = await officerRows(ctx.db)
  const items: Reply<Api['officers']>['items'] = []
  for (const row of rows) {
    const person = await findPerson(ctx, row.person_id)
    if (!person?.active) continue
    items.push({
      person: { id: person.id, name: person.name },
      phone: person.phone,
      lines: row.lines,
      passedOn: row.passed_on?.toString() ?? null,
      drilledOn: row.drilled_on?.toString() ?? null,
      validUntil: validUntil(row.passed_on, row.drilled_on)?.toString() ?? null,
    })
  }
  return { items }
}
export async function saveOfficer(ctx: Ctx, input: Input<Api['saveOfficer']>): Promise<Reply<Api['saveOfficer']>> {
  const person = await findPerson(ctx, input.personId)
  if (!person?.active) fail(commonProblems.notFound)
  await saveOfficerRow(ctx.db, {
    person_id: input.personId,
    lines: [...new Set(input.lines)],
    passed_on: input.passedOn === null ? null : Temporal.PlainDate.from(input.passedOn),
    drilled_on: input.drilledOn === null ? null : Temporal.PlainDate.from(input.drilledOn),
    updated_at: ctx.now,
    updated_by: ctx.actor.name,
  })
  const { personId, ...after } = input
  await ctx.record({ kind: 'duty.officer-saved', subject: { type: 'person', id: personId }, after })
  return {}
}

/** Took part in a drill: whoever is listed as an officer has it noted, never an earlier day than is noted already. @clause 5.8-3 */
export async function noteDrill(ctx: Ctx, personIds: readonly string[], on: Temporal.PlainDate): Promise<void> {
  for (const row of await officerRows(ctx.db)) {
    if (!personIds.includes(row.person_id) || (row.drilled_on && Temporal.PlainDate.compare(row.drilled_on, on) >= 0)) continue
    await saveOfficerRow(ctx.db, { ...row, drilled_on: on, updated_at: ctx.now, updated_by: ctx.actor.name })
    await ctx.record({ kind: 'duty.officer-saved', subject: { type: 'person', id: row.person_id }, after: { drilledOn: on.toString() } })
  }
}

/** Roles that keep the service going: each has a holder and a deputy every day. */
const POSTS = roleCodes
  .filter((role) => ['OPERATION', 'MAINTENANCE', 'CONSTRUCTION'].includes(ROLES[role].group))
  .filter((role) => role !== 'DUTY_OFFICER' && role !== 'SERVICE_DESK')
export async function listPosts(ctx: Ctx, input: Input<Api['posts']>): Promise<Reply<Api['posts']>> {
  const on = input.on === undefined ? shanghaiDay(ctx.now) : Temporal.PlainDate.from(input.on)
  const rows = await postsOn(ctx.db, on)
  const names = await namesFor(
    ctx,
    rows.flatMap((row) => [row.holder_id, row.deputy_id]),
  )
  return {
    on: on.toString(),
    items: rows.map((row) => ({
      id: row.id,
      role: row.role,
      holder: personFrom(names, row.holder_id),
      deputy: personFrom(names, row.deputy_id),
      fromOn: row.from_on.toString(),
      toOn: row.to_on?.toString() ?? null,
    })),
    missing: POSTS.filter((role) => !rows.some((row) => row.role === role)),
  }
}
export async function savePost(ctx: Ctx, input: Input<Api['savePost']>): Promise<Reply<Api['savePost']>> {
  const { role, holderId, deputyId } = input
  if (holderId === deputyId) fail(dutyProblems.samePerson)
  const holders = await holdersOf(ctx, role)
  if (!holders.includes(holderId) || !holders.includes(deputyId)) fail(dutyProblems.notYours, { role })
  const id = newId()
  await replacePost(ctx.db, {
    id,
    role,
    holder_id: holderId,
    deputy_id: deputyId,
    from_on: Temporal.PlainDate.from(input.fromOn),
    to_on: null,
  })
  await ctx.record({ kind: 'duty.post-set', subject: { type: 'duty-post', id }, after: input })
  return {}
}

export async function makeFeed(ctx: Ctx): Promise<Reply<Api['makeFeed']>> {
  const token = randomBytes(24).toString('base64url')
  const personId = personOf(ctx.actor)
  await saveFeed(ctx.db, { person_id: personId, token_hash: sha256Hex(token), made_at: ctx.now })
  await ctx.record({ kind: 'duty.feed-made', subject: { type: 'person', id: personId } })
  return { path: `/api/duty/feed/${token}` }
}
/** Whoever knows the address may read it: it holds the shifts of one person, from a month ago to a year ahead. */
export async function readFeed(ctx: Ctx, { token }: Input<Api['feed']>): Promise<Download> {
  const feed = (await feedByToken(ctx.db, sha256Hex(token))) ?? fail(commonProblems.notFound)
  const person = await findPerson(ctx, feed.person_id)
  if (!person?.active) fail(commonProblems.notFound)
  const rows = await publishedShifts(ctx.db, {
    from: ctx.now.subtract({ hours: 24 * 31 }),
    to: ctx.now.add({ hours: 24 * 366 }),
    personId: feed.person_id,
  })
  const names = await namesForShifts(ctx, rows)
  const entries = rows.map((row) => {
    const isPrimary = row.primary_id === feed.person_id
    const other = names.get(isPrimary ? row.backup_id : row.primary_id) ?? ''
    return {
      ...spanOf(row),
      id: row.id,
      title: `${LINE_NAMES[row.line]} ${isPrimary ? '主班' : '备班'}`,
      description: isPrimary ? `备班：${other}` : `主班：${other}`,
    }
  })
  const text = toICalendar(`值班 ${person?.name ?? ''}`, entries, ctx.now.epochMilliseconds)
  return { name: 'duty.ics', mediaType: 'text/calendar; charset=utf-8', bytes: Buffer.from(text, 'utf8') }
}
