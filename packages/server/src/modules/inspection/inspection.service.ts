import { isDeepStrictEqual } from 'node:util'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type Answer,
  type inspectionApi,
  inspectionProblems,
  type Round,
  type RoundKind,
  type RoundSummary,
} from '@changbai/contract/inspection.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { attachFile, fileInfo } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { addIncident } from '../incident/index.ts'
import { flawsOf, type Rhythms, settle, type Window, windowAt, windowsOf } from './inspection.domain.ts'
import {
  findByClientKey,
  findRound,
  insertRound,
  insertValues,
  type KeptAnswer,
  lastValidBefore,
  listRounds,
  lockRound,
  openRoundOf,
  type RoundRow,
  roundsOfDay,
  updateRound,
  valuesOf,
} from './inspection.store.ts'
import { itemsFor } from './items.ts'
import { requirePoint } from './point.service.ts'

type Api = typeof inspectionApi
/** A phone may be out of reach for days in a machine room without network; a round older than this is walked again. */
const OFFLINE_DAYS_MAX = 7

const CAPABILITY = {
  FACILITY: 'inspection.facility.execute',
  PLATFORM: 'inspection.platform.execute',
  TENANT_SERVICE: 'inspection.tenant.execute',
} as const satisfies Record<RoundKind, string>
const KINDS = Object.keys(CAPABILITY) as RoundKind[]
const mayWalk = (ctx: Ctx, kind: RoundKind): boolean => actorCan(ctx.actor, CAPABILITY[kind], 'X')
const mayRead = (ctx: Ctx, kind: RoundKind): boolean => mayWalk(ctx, kind) || actorCan(ctx.actor, CAPABILITY[kind], 'R')

const rhythmsOf = (ctx: Ctx): Rhythms => ({
  facilityWindows: ctx.plan.value<[string, string][]>('inspection.facilityWindows'),
  platformUntil: ctx.plan.text('inspection.platformUntil'),
  tenantUntil: ctx.plan.value<string[]>('inspection.tenantUntil'),
})

/** Windows of a day that were due and have no round that counts, at an instant. */
export async function missedWindows(ctx: Ctx, from: Temporal.Instant): Promise<Window[]> {
  const days = [...new Set([shanghaiDay(from).toString(), shanghaiDay(ctx.now).toString()])].map((on) => Temporal.PlainDate.from(on))
  const missed: Window[] = []
  for (const on of days) {
    const rows = await roundsOfDay(ctx.db, on)
    for (const window of windowsOf(on, rhythmsOf(ctx))) {
      if (isBefore(window.dueAt, from) || !isBefore(window.dueAt, ctx.now)) continue
      if (!rows.some((row) => row.kind === window.kind && row.window_key === window.key && row.valid)) missed.push(window)
    }
  }
  return missed
}

export const toSummary = (row: RoundRow): RoundSummary => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  on: row.on_day.toString(),
  window: { key: row.window_key, from: row.window_from.toString(), to: row.window_to.toString() },
  inspectorName: row.inspector_name,
  startedAt: row.started_at.toString(),
  doneAt: row.done_at?.toString() ?? null,
  receivedAt: row.received_at?.toString() ?? null,
  isLate: row.done_at !== null && row.received_at !== null && !row.done_at.equals(row.received_at),
  conclusion: row.conclusion,
  abnormal: row.abnormal,
  valid: row.valid,
  invalid: row.invalid,
  reviewedByName: row.reviewed_by_name,
})

export async function toRound(ctx: Ctx, row: RoundRow): Promise<Round> {
  const photos: Round['photos'] = []
  for (const id of row.answers.flatMap(({ photoIds }) => photoIds)) {
    const file = await fileInfo(ctx.db, id)
    if (file) photos.push({ id, digest: file.digest, digestAlgorithm: file.digestAlgorithm, sizeBytes: file.sizeBytes })
  }
  const own = row.inspector_id === ctx.actor.personId
  const done = row.done_at !== null
  return {
    ...toSummary(row),
    checkIn: row.check_in,
    items: row.items,
    answers: row.answers,
    photos,
    review:
      row.reviewed_at && row.reviewed_by_name
        ? { byName: row.reviewed_by_name, at: row.reviewed_at.toString(), comment: row.review_comment ?? '' }
        : null,
    may: [
      ...(own && !done ? (['WRITE'] as const) : []),
      ...(!own && done && !row.reviewed_at && actorCan(ctx.actor, CAPABILITY[row.kind], 'R') ? (['REVIEW'] as const) : []),
    ],
  }
}

/** A round of a kind the caller has nothing to do with does not exist for them. */
export async function reachRound(ctx: Ctx, id: string, lock = false): Promise<RoundRow> {
  const row = (await (lock ? lockRound : findRound)(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  return mayRead(ctx, row.kind) ? row : fail(commonProblems.notFound, { id })
}

const isBefore = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) < 0

function stateOf(ctx: Ctx, window: Window, rounds: readonly RoundRow[]): 'DONE' | 'RUNNING' | 'OPEN' | 'MISSED' | 'AHEAD' {
  if (rounds.some((one) => one.valid)) return 'DONE'
  if (isBefore(ctx.now, window.from)) return 'AHEAD'
  if (!isBefore(ctx.now, window.dueAt)) return 'MISSED'
  return rounds.some((one) => one.done_at === null) ? 'RUNNING' : 'OPEN'
}

/** The stretches of a day, what was walked in each, and what is missing. */
export async function readDay(ctx: Ctx, input: Input<Api['today']>): Promise<Reply<Api['today']>> {
  const on = input.on === undefined ? shanghaiDay(ctx.now) : Temporal.PlainDate.from(input.on)
  const rows = await roundsOfDay(ctx.db, on)
  const windows = windowsOf(on, rhythmsOf(ctx)).filter((window) => mayRead(ctx, window.kind))
  return {
    on: on.toString(),
    windows: windows.map((window) => {
      const rounds = rows.filter((row) => row.kind === window.kind && row.window_key === window.key)
      return {
        kind: window.kind,
        key: window.key,
        from: window.from.toString(),
        to: window.dueAt.toString(),
        state: stateOf(ctx, window, rounds),
        rounds: rounds.map(toSummary),
        mine: mayWalk(ctx, window.kind),
      }
    }),
  }
}

export async function listRoundPage(ctx: Ctx, { after, limit, kind, valid, abnormal }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const cursor = readCursor(after)
  const kinds = KINDS.filter((one) => mayRead(ctx, one) && (kind === undefined || one === kind))
  if (kinds.length === 0) return { items: [], next: null }
  const rows = await listRounds(ctx.db, {
    kinds,
    valid,
    abnormal,
    after: cursor && { at: Temporal.Instant.from(cursor[0]), id: cursor[1] },
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, (row) => [row.started_at.toString(), row.id])
  return { items: items.map(toSummary), next }
}

export const getRound = async (ctx: Ctx, { roundId }: Input<Api['get']>): Promise<Reply<Api['get']>> =>
  toRound(ctx, await reachRound(ctx, roundId))

/** Begins a round in the stretch that is open; asked again with the same key it is the same round. @clause 5.4-1 5.4-2 5.4-3 */
export async function startRound(ctx: Ctx, { kind, clientKey, checkIn }: Input<Api['start']>): Promise<Reply<Api['start']>> {
  if (!mayWalk(ctx, kind)) fail(commonProblems.forbidden, { capability: CAPABILITY[kind] })
  const inspectorId = personOf(ctx.actor)
  const again = await findByClientKey(ctx.db, inspectorId, clientKey)
  if (again) return toRound(ctx, again)
  const on = shanghaiDay(ctx.now)
  const windows = windowsOf(on, rhythmsOf(ctx))
  const next = windows.find((one) => one.kind === kind && isBefore(ctx.now, one.from))
  const window = windowAt(windows, kind, ctx.now) ?? fail(inspectionProblems.noWindow, { from: next?.from.toString() ?? '' })
  const scanned = await requirePoint(ctx, checkIn)
  // begun on another phone: it goes on, there are not two
  const open = await openRoundOf(ctx.db, inspectorId, kind, on, window.key)
  if (open) {
    await ctx.record({
      kind: 'inspection.started',
      subject: { type: 'inspection', id: open.id },
      data: { resumed: true, checkIn: scanned },
    })
    if (open.check_in.method !== 'NONE' || scanned.method === 'NONE') return toRound(ctx, open)
    return toRound(ctx, await updateRound(ctx.db, open.id, { check_in: JSON.stringify(scanned) }))
  }
  const row = await insertRound(ctx.db, {
    id: newId(),
    number: await nextNumber(ctx.db, 'XJ', on),
    kind,
    on_day: on,
    window_key: window.key,
    window_from: window.from,
    window_to: window.to,
    inspector_id: inspectorId,
    inspector_name: ctx.actor.name,
    client_key: clientKey,
    check_in: JSON.stringify(scanned),
    items: JSON.stringify(await itemsFor(ctx, kind)),
    started_at: ctx.now,
  })
  await ctx.record({ kind: 'inspection.started', subject: { type: 'inspection', id: row.id }, data: { kind, window: window.key, checkIn } })
  return toRound(ctx, row)
}

/** The caller's own round that is still open. */
async function openRound(ctx: Ctx, id: string): Promise<RoundRow> {
  const row = await reachRound(ctx, id, true)
  if (row.inspector_id !== personOf(ctx.actor)) fail(inspectionProblems.notYours, { name: row.inspector_name })
  if (row.done_at !== null) fail(inspectionProblems.submitted)
  return row
}

function knownAnswers(row: RoundRow, answers: Input<Api['save']>['answers']): Input<Api['save']>['answers'] {
  const codes = new Set(row.items.map((item) => item.code))
  for (const { code } of answers) if (!codes.has(code)) fail(inspectionProblems.unknownItem, { code })
  // the last answer to an item counts; what another phone answered meanwhile stays
  return [...new Map([...row.answers.map(plain), ...settle(row.items, answers)].map((answer) => [answer.code, answer])).values()]
}
const plain = ({ code, result, value, note, follow, photoIds }: KeptAnswer): Answer => ({ code, result, value, note, follow, photoIds })

/** A phone that never heard the answer sends the same round again. */
function isSameAgain(row: RoundRow, input: Input<Api['submit']>): boolean {
  const byCode = (answers: readonly Answer[]) => new Map(answers.map((answer) => [answer.code, answer]))
  const kept = byCode(row.answers.map(plain))
  return [
    ...byCode(
      settle(
        row.items,
        input.answers.map((one) => ({ ...one })),
      ),
    ).values(),
  ].every((one) => isDeepStrictEqual(one, kept.get(one.code)))
}

export async function saveAnswers(ctx: Ctx, { roundId, answers }: Input<Api['save']>): Promise<Reply<Api['save']>> {
  const row = await openRound(ctx, roundId)
  const kept = knownAnswers(row, answers).map((answer) => ({ ...answer, incidentId: null, incidentNo: null }))
  for (const fileId of kept.flatMap(({ photoIds }) => photoIds))
    await attachFile(ctx, fileId, { type: 'inspection', id: roundId, tenantId: null })
  await ctx.record({ kind: 'inspection.saved', subject: { type: 'inspection', id: roundId }, data: { answers: kept.length } })
  return toRound(ctx, await updateRound(ctx.db, roundId, { answers: JSON.stringify(kept) }))
}

function finishedAt(ctx: Ctx, row: RoundRow, told: string | undefined): Temporal.Instant {
  if (told === undefined) return ctx.now
  const at = Temporal.Instant.from(told).round({ smallestUnit: 'millisecond', roundingMode: 'floor' })
  const oldest = ctx.now.subtract({ hours: 24 * OFFLINE_DAYS_MAX })
  if (isBefore(ctx.now, at) || isBefore(at, oldest) || isBefore(at, row.started_at))
    fail(inspectionProblems.clock, { days: OFFLINE_DAYS_MAX })
  return at
}

/** Opens the incidents of abnormal items that ask for one. */
async function follow(ctx: Ctx, row: RoundRow, answers: readonly Input<Api['save']>['answers'][number][]): Promise<KeptAnswer[]> {
  const kept: KeptAnswer[] = []
  for (const answer of answers) {
    const item = row.items.find((one) => one.code === answer.code)
    const title = item?.title.zh ?? answer.code
    if (answer.result === 'ABNORMAL' && answer.note.trim() === '') fail(inspectionProblems.explain, { item: title })
    for (const fileId of answer.photoIds) await attachFile(ctx, fileId, { type: 'inspection', id: row.id, tenantId: null })
    const incident =
      answer.result === 'ABNORMAL' && answer.follow === 'INCIDENT'
        ? await addIncident(ctx, {
            title: `巡检异常：${title}`,
            symptom: `${answer.note}${answer.value === null ? '' : `（读数 ${answer.value}${item?.unit ?? ''}）`}`,
            criteria: ['ERROR_OR_WARNING'],
            source: 'INSPECTION',
            tenantId: null,
            applicationId: null,
            reporterId: personOf(ctx.actor),
            reporterName: ctx.actor.name,
            reporterPhone: '',
            detectedAt: null,
            reportedAt: ctx.now,
            isSecurity: false,
            sourceKey: `inspection:${answer.code}`,
          })
        : null
    kept.push({ ...answer, incidentId: incident?.id ?? null, incidentNo: incident?.number ?? null })
  }
  return kept
}

/** Hands a round in. Whether it counts is decided here, once, with its reasons. @clause 5.4-1 5.4-2 5.4-3 */
export async function submitRound(ctx: Ctx, input: Input<Api['submit']>): Promise<Reply<Api['submit']>> {
  const sent = await reachRound(ctx, input.roundId, true)
  if (sent.done_at !== null && sent.inspector_id === personOf(ctx.actor) && isSameAgain(sent, input)) return toRound(ctx, sent)
  const row = await openRound(ctx, input.roundId)
  const answers = knownAnswers(row, input.answers)
  const left = row.items.length - answers.length
  if (left > 0) fail(inspectionProblems.incomplete, { n: left })
  const doneAt = finishedAt(ctx, row, input.doneAt)
  const checkIn = input.checkIn ? await requirePoint(ctx, input.checkIn) : row.check_in
  const invalid = flawsOf({
    kind: row.kind,
    window: { from: row.window_from, to: row.window_to },
    checkIn,
    items: row.items,
    answers,
    doneAt,
    previousAt: await lastValidBefore(ctx.db, row.kind, doneAt),
    gapHours: ctx.plan.number('inspection.facilityGapHours'),
  })
  const kept = await follow(ctx, row, answers)
  const abnormal = kept.filter((answer) => answer.result === 'ABNORMAL').length
  const done = await updateRound(ctx.db, row.id, {
    answers: JSON.stringify(kept),
    check_in: JSON.stringify(checkIn),
    done_at: doneAt,
    received_at: ctx.now,
    conclusion: abnormal > 0 ? 'ABNORMAL' : 'NORMAL',
    abnormal,
    valid: invalid.length === 0,
    invalid: JSON.stringify(invalid),
  })
  await insertValues(
    ctx.db,
    kept.flatMap(({ code, value }) => (value === null ? [] : [{ round_id: row.id, code, at: doneAt, value }])),
  )
  await ctx.record({
    kind: 'inspection.submitted',
    subject: { type: 'inspection', id: row.id },
    after: { kind: row.kind, doneAt: doneAt.toString(), checkIn, answers: kept, invalid },
  })
  return toRound(ctx, done)
}

/** A spot check by another person; the round itself is never changed. */
export async function reviewRound(ctx: Ctx, { roundId, comment }: Input<Api['review']>): Promise<Reply<Api['review']>> {
  const row = await reachRound(ctx, roundId, true)
  if (!actorCan(ctx.actor, CAPABILITY[row.kind], 'R')) fail(commonProblems.forbidden, { capability: CAPABILITY[row.kind] })
  if (row.inspector_id === personOf(ctx.actor)) fail(inspectionProblems.ownRound)
  const change = { reviewed_by: personOf(ctx.actor), reviewed_by_name: ctx.actor.name, reviewed_at: ctx.now, review_comment: comment }
  const reviewed = await updateRound(ctx.db, roundId, change)
  await ctx.record({ kind: 'inspection.reviewed', subject: { type: 'inspection', id: roundId }, data: { comment } })
  return toRound(ctx, reviewed)
}

/** Readings of one item over days. */
export async function readSeries(ctx: Ctx, { code, days }: Input<Api['series']>): Promise<Reply<Api['series']>> {
  const items = []
  for (const kind of KINDS.filter((one) => mayRead(ctx, one))) items.push(...(await itemsFor(ctx, kind)))
  const item = items.find((one) => one.code === code) ?? fail(inspectionProblems.unknownItem, { code })
  const rows = await valuesOf(ctx.db, code, ctx.now.subtract({ hours: 24 * days }))
  return { item, points: rows.map((row) => ({ at: row.at.toString(), value: row.value, roundId: row.round_id })) }
}

/** Photos of a round are seen by whoever may read the round. */
export async function maySeeRound(ctx: Ctx, id: string): Promise<boolean> {
  const row = await findRound(ctx.db, id)
  return row !== undefined && mayRead(ctx, row.kind)
}
