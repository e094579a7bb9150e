import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type notificationApi, notificationProblems } from '@changbai/contract/notification.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { type NoticeKind, strayPlaceholders, type Wording } from './notice.domain.ts'
import { noticeKinds } from './notice.kinds.ts'
import {
  activeTemplate,
  insertTemplate,
  lockTemplate,
  nextTemplateVersion,
  openTemplates,
  type TemplateRow,
  updateTemplate,
} from './setting.store.ts'

type Api = typeof notificationApi
type TemplateReply = Reply<Api['proposeTemplate']>

const kindOf = (event: string): NoticeKind => noticeKinds().find((kind) => kind.event === event) ?? fail(commonProblems.notFound, { event })

const toTemplate = (row: TemplateRow, kind: NoticeKind): TemplateReply => ({
  id: row.id,
  event: row.event,
  version: row.version,
  state: row.state,
  zh: row.zh as Wording,
  en: row.en as Wording,
  placeholders: [...kind.placeholders],
  proposedBy: { id: row.proposed_by, name: row.proposed_by_name },
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_by_name === null ? null : { id: row.decided_by, name: row.decided_by_name },
  decidedAt: row.decided_at?.toString() ?? null,
})

const builtIn = (kind: NoticeKind): TemplateReply => ({
  id: null,
  event: kind.event,
  version: 0,
  state: 'ACTIVE',
  zh: kind.zh,
  en: kind.en,
  placeholders: [...kind.placeholders],
  proposedBy: null,
  proposedAt: null,
  decidedBy: null,
  decidedAt: null,
})

/** The wording in force of every event, and what is proposed for it. */
export async function readTemplates(ctx: Ctx): Promise<Reply<Api['templates']>> {
  const rows = await openTemplates(ctx.db)
  return {
    items: noticeKinds().flatMap((kind) => {
      const own = rows.filter(({ event }) => event === kind.event).map((row) => toTemplate(row, kind))
      return own.some(({ state }) => state === 'ACTIVE') ? own : [builtIn(kind), ...own]
    }),
  }
}

export async function proposeTemplate(ctx: Ctx, { event, zh, en }: Input<Api['proposeTemplate']>): Promise<TemplateReply> {
  const kind = kindOf(event)
  const stray = strayPlaceholders([zh, en], kind.placeholders)
  if (stray.length > 0) fail(notificationProblems.unknownPlaceholder, { names: stray.join('、') })
  const row: TemplateRow = {
    id: newId(),
    event,
    version: await nextTemplateVersion(ctx.db, event),
    state: 'PROPOSED',
    zh,
    en,
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    comment: null,
  }
  await insertTemplate(ctx.db, row)
  await ctx.record({
    kind: 'notice-template.proposed',
    subject: { type: 'notice-template', id: row.id },
    after: { event, version: row.version, zh, en },
  })
  return toTemplate(row, kind)
}

export async function decideTemplate(ctx: Ctx, { templateId, approve, comment }: Input<Api['decideTemplate']>): Promise<TemplateReply> {
  const row = (await lockTemplate(ctx.db, templateId)) ?? fail(commonProblems.notFound)
  if (row.state !== 'PROPOSED') fail(notificationProblems.decided)
  if (row.proposed_by === ctx.actor.personId) fail(notificationProblems.samePerson)
  const before = await activeTemplate(ctx.db, row.event)
  if (approve && before) await updateTemplate(ctx.db, before.id, { state: 'RETIRED' })
  const decision = {
    state: approve ? ('ACTIVE' as const) : ('REJECTED' as const),
    decided_by: ctx.actor.personId,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
  }
  await updateTemplate(ctx.db, row.id, decision)
  await ctx.record({
    kind: approve ? 'notice-template.approved' : 'notice-template.rejected',
    subject: { type: 'notice-template', id: row.id },
    before: before ? { zh: before.zh, en: before.en } : null,
    after: { zh: row.zh, en: row.en },
    data: { comment },
  })
  return toTemplate({ ...row, ...decision }, kindOf(row.event))
}
