import { type DutyPage, type dutyApi, dutyProblems } from '@changbai/contract/duty.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import type { DueWork } from '../../platform/due.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { notify } from '../notification/index.ts'
import { pagingSteps } from './duty.service.ts'
import {
  findPage,
  insertPage,
  insertTry,
  listPages,
  lockDuePages,
  lockPage,
  lockRunningPages,
  type PageRow,
  triesOf,
  updatePage,
} from './page.store.ts'
import { namesFor } from './present.ts'

type Api = typeof dutyApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** Somebody answered a page: nobody further is reached. */
    'duty.page-acknowledged': { pageId: string; subjectType: string; subjectId: string; personId: string; personName: string }
    /** Everybody was tried and nobody answered. */
    'duty.page-exhausted': { pageId: string; subjectType: string; subjectId: string; title: string; link: string; tenantId: string | null }
  }
}

interface PageOrder {
  subjectType: string
  subjectId: string
  tenantId: string | null
  /** What the person is told, e.g. `GZ-20260918-0001 II 级：…`. */
  title: string
  link: string
}

/** Begins to reach people one after the other until somebody answers; the first one at once, in this transaction. */
export async function startPage(ctx: Ctx, order: PageOrder): Promise<string> {
  const steps = await pagingSteps(ctx, ctx.now)
  const row: PageRow = {
    id: newId(),
    subject_type: order.subjectType,
    subject_id: order.subjectId,
    tenant_id: order.tenantId,
    title: order.title,
    link: order.link,
    steps,
    ...standAfter(ctx, { steps, step: 0 }),
    started_at: ctx.now,
    acknowledged_by: null,
    acknowledged_at: null,
  }
  await insertPage(ctx.db, row)
  await ctx.record({ kind: 'duty.page-started', subject: { type: 'duty-page', id: row.id }, data: { ...order, steps: steps.length } })
  await reach(ctx, row, 0)
  return row.id
}

/** Where a page stands once its next step was taken. */
const standAfter = (ctx: Ctx, { steps, step }: Pick<PageRow, 'steps' | 'step'>): Pick<PageRow, 'state' | 'step' | 'next_at'> =>
  step < steps.length
    ? { state: 'RUNNING', step: step + 1, next_at: ctx.now.add({ minutes: ctx.plan.number('incident.pageMinutes') }) }
    : { state: 'EXHAUSTED', step, next_at: null }

async function tryNext(ctx: Ctx, row: PageRow): Promise<void> {
  await updatePage(ctx.db, row.id, standAfter(ctx, row))
  await reach(ctx, row, row.step)
}

/** Reaches the person of a step, or tells that there is none left. */
async function reach(ctx: Ctx, row: PageRow, at: number): Promise<void> {
  const step = row.steps[at]
  const subject = { type: 'duty-page', id: row.id }
  if (!step) {
    await ctx.record({ kind: 'duty.page-exhausted', subject, data: { tried: row.steps.length } })
    const { subject_type: subjectType, subject_id: subjectId, title, link, tenant_id: tenantId } = row
    await ctx.publish('duty.page-exhausted', { pageId: row.id, subjectType, subjectId, title, link, tenantId })
    return
  }
  await insertTry(ctx.db, { id: newId(), page_id: row.id, seq: at + 1, person_id: step.personId, place: step.place, at: ctx.now })
  await ctx.record({ kind: 'duty.paged', subject, data: { seq: at + 1, personId: step.personId, place: step.place } })
  await notify(ctx, {
    event: 'duty.page',
    to: { personIds: [step.personId] },
    params: { title: row.title },
    link: row.link,
    tenantId: row.tenant_id,
    dedupKey: `duty.page:${row.id}:${at + 1}`,
  })
}

const BATCH = 20
/** Pages whose next try is due. */
export async function advancePages(ctx: Ctx): Promise<number> {
  const due = await lockDuePages(ctx.db, ctx.now, BATCH)
  for (const row of due) await tryNext(ctx, row)
  return due.length
}
export const duePages: DueWork = {
  name: 'duty.pages',
  run: ({ door }) => door.enter({ actor: systemActor('duty') }, advancePages),
}

const PAGE_KEY = /^duty\.page:([^:]+):(\d+)$/
/** No way to this person works: the next one is not made to wait. */
export const hurryPage: Reaction<'notice.unreached'> = async (ctx, { event, dedupKey }) => {
  const [, pageId, seq] = PAGE_KEY.exec(dedupKey ?? '') ?? []
  if (event !== 'duty.page' || !pageId) return
  const row = await lockPage(ctx.db, pageId)
  // somebody further was reached meanwhile, or the matter is settled
  if (row?.state !== 'RUNNING' || row.step !== Number(seq)) return
  await updatePage(ctx.db, row.id, { next_at: ctx.now })
  await ctx.record({ kind: 'duty.page-unreached', subject: { type: 'duty-page', id: row.id }, data: { seq: row.step } })
}

/** The matter is taken care of: nobody further is reached. */
export async function endPages(ctx: Ctx, subjectId: string, by: string): Promise<void> {
  for (const row of await lockRunningPages(ctx.db, subjectId)) {
    await updatePage(ctx.db, row.id, { state: 'ENDED', next_at: null })
    await ctx.record({ kind: 'duty.page-ended', subject: { type: 'duty-page', id: row.id }, data: { by } })
  }
}

const isOpen = (row: PageRow): boolean => row.state === 'RUNNING' || row.state === 'EXHAUSTED'
/** Whoever was reached, or manages the roster, answers for all; who comes second sees who was faster. */
export async function acknowledgePage(ctx: Ctx, { pageId }: Input<Api['acknowledgePage']>): Promise<Reply<Api['acknowledgePage']>> {
  const page = (await findPage(ctx.db, pageId)) ?? fail(commonProblems.notFound)
  const me = personOf(ctx.actor)
  const tries = await triesOf(ctx.db, [pageId])
  if (!tries.some((one) => one.person_id === me) && !actorCan(ctx.actor, 'duty.roster.manage', 'U')) fail(dutyProblems.notYours)
  if (isOpen(page)) {
    // the matter is locked before its page, as everywhere
    const { subject_type: subjectType, subject_id: subjectId } = page
    await ctx.publish('duty.page-acknowledged', { pageId, subjectType, subjectId, personId: me, personName: ctx.actor.name })
  }
  const row = (await lockPage(ctx.db, pageId)) ?? fail(commonProblems.notFound)
  if (isOpen(row)) {
    const change = { state: 'ACKNOWLEDGED', next_at: null, acknowledged_by: ctx.actor.name, acknowledged_at: ctx.now } as const
    await updatePage(ctx.db, pageId, change)
    Object.assign(row, change)
    await ctx.record({ kind: 'duty.page-acknowledged', subject: { type: 'duty-page', id: pageId } })
  }
  return (await present(ctx, [row]))[0] as DutyPage
}

async function present(ctx: Ctx, rows: readonly PageRow[]): Promise<DutyPage[]> {
  const tries = await triesOf(
    ctx.db,
    rows.map((row) => row.id),
  )
  const names = await namesFor(
    ctx,
    tries.map((one) => one.person_id),
  )
  return rows.map((row) => ({
    id: row.id,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    title: row.title,
    state: row.state,
    startedAt: row.started_at.toString(),
    nextAt: row.next_at?.toString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at?.toString() ?? null,
    tries: tries
      .filter((one) => one.page_id === row.id)
      .map((one) => ({
        seq: one.seq,
        name: names.get(one.person_id) ?? '',
        place: one.place,
        at: one.at.toString(),
        mine: one.person_id === ctx.actor.personId,
      })),
  }))
}
export async function listPagesOf(ctx: Ctx, input: Input<Api['pages']>): Promise<Reply<Api['pages']>> {
  return { items: await present(ctx, await listPages(ctx.db, input)) }
}
