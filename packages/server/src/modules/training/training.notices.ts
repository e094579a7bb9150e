import type { Ctx } from '../../platform/ctx.ts'
import { notify, registerNotices } from '../notification/index.ts'

export const registerTrainingNotices = (): void =>
  registerNotices([
    {
      event: 'training.invited',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['course', 'on', 'venue'],
      zh: { title: '培训邀请：{course}', body: '{on} 在{venue}举办《{course}》培训，请回复是否参加；到场扫码签到，之后参加考核与评价。' },
      en: {
        title: 'Training: {course}',
        body: '“{course}” is held on {on}, {venue}. Please say whether you come; scan the code there, then take the test.',
      },
    },
    {
      event: 'training.due',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['seq', 'on'],
      zh: { title: '第 {seq} 期培训还没有邀请', body: '今年第 {seq} 期培训排在 {on}，还没有发出邀请。' },
      en: { title: 'Session {seq}: nobody is invited yet', body: 'Session {seq} is planned for {on}; invitations are not out.' },
    },
  ])

export async function tellInvited(
  ctx: Ctx,
  training: { id: string; course: string; planned_on: Temporal.PlainDate; venue: string },
  personIds: readonly string[],
): Promise<void> {
  await notify(ctx, {
    event: 'training.invited',
    to: { personIds },
    params: { course: training.course, on: training.planned_on.toString(), venue: training.venue },
    link: `/records/trainings/${training.id}`,
  })
}
export async function tellDue(ctx: Ctx, training: { id: string; seq: number; planned_on: Temporal.PlainDate }): Promise<void> {
  await notify(ctx, {
    event: 'training.due',
    to: [{ role: 'OPERATION_MANAGER' }],
    params: { seq: training.seq, on: training.planned_on.toString() },
    link: `/records/trainings/${training.id}`,
    dedupKey: `training.due:${training.id}`,
  })
}
