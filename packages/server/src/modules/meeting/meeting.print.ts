import type { Input } from '@changbai/contract/endpoint.ts'
import type { MeetingGroup, meetingApi } from '@changbai/contract/meeting.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { wallTime } from '../../platform/sheets.ts'
import { gap, gridOf, headingOf, noteOf, packPaper, pairsOf, textOf, titleOf } from '../admission/index.ts'
import { getMeeting } from './meeting.service.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const GROUPS: Record<MeetingGroup, string> = {
  OPERATION: '运营组',
  MAINTENANCE: '运维组',
  APPLICATION: '应用组',
  CONSTRUCTION: '建设组',
  CUSTOMER: '甲方',
}

/** The minutes as a paper. */
export async function printMinutes(ctx: Ctx, { meetingId }: Input<typeof meetingApi.print>): Promise<Download> {
  const meeting = await getMeeting(ctx, { meetingId })
  const present = (group: MeetingGroup) => meeting.attendees.filter((one) => one.group === group && one.present).map(({ name }) => name)
  const absent = meeting.attendees
    .filter((one) => !one.present && one.leaveReason)
    .map(({ name, leaveReason }) => `${name}（${leaveReason}）`)
  const items = [...meeting.items, ...meeting.carried]
  const bytes = await packPaper(
    [
      titleOf('政务云运维周例会纪要'),
      pairsOf([
        { label: '编号', value: meeting.number },
        { label: '周次', value: meeting.week },
        { label: '时间', value: wallTime(meeting.heldAt) ?? '未开' },
        { label: '地点', value: meeting.place || '—' },
        { label: '主持', value: meeting.hostName },
        { label: '存档', value: wallTime(meeting.archivedAt) ?? '未存档' },
        ...(Object.keys(GROUPS) as MeetingGroup[]).map((group) => ({
          label: GROUPS[group],
          value: present(group).join('、') || '无人到会',
          wide: true,
        })),
        ...(absent.length > 0 ? [{ label: '请假', value: absent.join('、'), wide: true }] : []),
      ]),
      gap(),
      headingOf('一、上周重大运维事件'),
      ...(meeting.majorEvents.length === 0
        ? [noteOf(meeting.noneDeclared ? '上周无重大运维事件。' : '未填写。')]
        : [
            gridOf(
              [
                { title: '编号', share: 22 },
                { title: '事件', share: 52 },
                { title: '状态', share: 19 },
              ],
              meeting.majorEvents.map((one) => [one.number, one.text, one.status]),
            ),
          ]),
      headingOf('二、下周运维计划'),
      gridOf(
        [
          { title: '事项', share: 55 },
          { title: '负责人', share: 18 },
          { title: '期限', share: 20 },
        ],
        meeting.nextPlans.map((one) => [one.text, one.ownerName, one.dueOn]),
      ),
      headingOf('三、决议与跟进'),
      ...(items.length === 0
        ? [noteOf('无。')]
        : [
            gridOf(
              [
                { title: '周次', share: 16 },
                { title: '事项', share: 38 },
                { title: '负责人', share: 14 },
                { title: '期限', share: 17 },
                { title: '完成', share: 14 },
              ],
              items.map((one) => [one.week, one.text, one.ownerName, one.dueOn, (wallTime(one.doneAt) ?? '未完成').slice(0, 10)]),
            ),
          ]),
      headingOf('四、甲方意见'),
      ...textOf(meeting.customerComment || '无。'),
      noteOf(`签阅：${meeting.acks.map(({ name, at }) => `${name} ${wallTime(at)}`).join('，') || '无'}`),
    ],
    { title: '政务云运维周例会纪要', number: meeting.number },
  )
  await ctx.record({ kind: 'meeting.printed', subject: { type: 'meeting', id: meetingId }, data: { digest: sha256Hex(bytes) } })
  return { name: `${meeting.number} 周例会纪要 ${meeting.week}.docx`, mediaType: WORD, bytes }
}
