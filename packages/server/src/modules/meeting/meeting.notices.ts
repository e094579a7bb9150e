import type { Ctx } from '../../platform/ctx.ts'
import { notify, registerNotices } from '../notification/index.ts'

const about = { topic: 'task', urgency: 'NORMAL' } as const
export const registerMeetingNotices = (): void =>
  registerNotices([
    {
      ...about,
      event: 'meeting.prepared',
      placeholders: ['week', 'by'],
      zh: { title: '{week} 周例会', body: '{by} 准备了 {week} 的周例会，议程已按上周故障、下周计划与未完事项填好。' },
      en: {
        title: 'Weekly meeting {week}',
        body: '{by} prepared the meeting of {week}; the agenda holds last week’s incidents, next week’s plans and what is left.',
      },
    },
    {
      ...about,
      event: 'meeting.item',
      placeholders: ['week', 'by', 'text', 'dueOn'],
      zh: { title: '例会交办：{text}', body: '{week} 周例会交你办理：{text}，{dueOn} 前完成。' },
      en: { title: 'From the weekly meeting: {text}', body: 'The meeting of {week} gave you: {text}, due {dueOn}.' },
    },
    {
      ...about,
      event: 'meeting.archived',
      placeholders: ['week', 'by'],
      zh: { title: '{week} 例会纪要已存档，请签阅', body: '{by} 已将 {week} 周例会纪要存档，请阅读并签阅。' },
      en: { title: 'Minutes of {week} are filed', body: '{by} filed the minutes of {week}; please read and acknowledge.' },
    },
    {
      ...about,
      urgency: 'HIGH',
      event: 'meeting.missing',
      placeholders: ['week'],
      zh: { title: '{week} 还没有开周例会', body: '{week} 快过完了，周例会还没有登记。' },
      en: { title: 'No meeting in {week} yet', body: '{week} is nearly over and no weekly meeting is recorded.' },
    },
  ])

export async function tellMeeting(
  ctx: Ctx,
  event: string,
  meeting: { id: string; week: string },
  personIds: readonly string[],
  params: Record<string, string> = {},
): Promise<void> {
  await notify(ctx, {
    event,
    to: { personIds },
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { week: meeting.week, by: ctx.actor.name, ...params },
    link: `/proof/meetings/${meeting.id}`,
  })
}
export async function tellMissing(ctx: Ctx, week: string): Promise<void> {
  await notify(ctx, {
    event: 'meeting.missing',
    to: [{ role: 'OPERATION_MANAGER' }],
    params: { week },
    link: '/proof/meetings',
    dedupKey: `meeting.missing:${week}`,
  })
}
