import type { Ctx } from '../../platform/ctx.ts'
import { notify, registerNotices } from '../notification/index.ts'

const about = { topic: 'task', urgency: 'NORMAL' } as const
export const registerDocumentNotices = (): void =>
  registerNotices([
    {
      ...about,
      event: 'coordination.opened',
      placeholders: ['title', 'party', 'dueOn'],
      zh: { title: '协调事项：{title}', body: '请与{party}协调：{title}，{dueOn} 前关闭。' },
      en: { title: 'To co-ordinate: {title}', body: 'With {party}: {title}, to be closed by {dueOn}.' },
    },
    {
      ...about,
      event: 'planning-paper.sent',
      placeholders: ['year'],
      zh: { title: '{year} 年规划建议，请签收', body: '根据实测数据编写的 {year} 年规划建议已发送，请阅读并签收。' },
      en: {
        title: 'Planning paper {year}',
        body: 'The planning paper of {year}, written from what was measured, was sent to you; please acknowledge.',
      },
    },
  ])

export async function tellCoordination(
  ctx: Ctx,
  row: { owner_id: string; title: string; party: string; due_on: Temporal.PlainDate },
): Promise<void> {
  await notify(ctx, {
    event: 'coordination.opened',
    to: { personIds: [row.owner_id] },
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { title: row.title, party: row.party, dueOn: row.due_on.toString() },
    link: '/records/register',
  })
}
export async function tellPaper(ctx: Ctx, row: { year: number; tenant_id: string }): Promise<void> {
  const place = { tenantId: row.tenant_id }
  await notify(ctx, {
    event: 'planning-paper.sent',
    to: [
      { role: 'TENANT_APPROVER', ...place },
      { role: 'APP_PROJECT_MANAGER', ...place },
    ],
    params: { year: row.year },
    link: '/records/papers',
    tenantId: row.tenant_id,
  })
}
