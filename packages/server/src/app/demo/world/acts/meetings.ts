import { documentApi } from '@changbai/contract/document.ts'
import { type Meeting, meetingApi } from '@changbai/contract/meeting.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Scene } from '../staff.ts'

const PLACE = '省电子政务办三楼会议室'
const plans = [
  '更换汇聚交换机老化板卡',
  '核对存储链路光模块',
  '国产操作系统镜像补丁升级',
  '核对防火墙策略有效期',
  '机房空调滤网清洗',
  '数据库备份恢复抽查',
]
const decisions = ['补齐汇聚交换机备件', '月底前复核各单位联系人', '将慢查询纳入周报', '演练方案提交甲方审阅']

const content = ({ id, rev, place, attendees, majorEvents, noneDeclared, nextPlans }: Meeting) => ({
  meetingId: id,
  rev,
  place,
  attendees,
  majorEvents,
  noneDeclared,
  nextPlans,
})

/** The weekly meeting: prepared in the morning, held with all groups and the customer, filed the same afternoon, signed by all. */
export async function* meetWeekly({ stage, staff, dice }: Scene): Steps {
  const { operation, maintenance, construction, customer, engineers } = staff
  let meeting = await operation.call(meetingApi.prepare, {})
  const today = dayOf(stage.now())
  for (const item of meeting.carried.slice(0, 2)) {
    const owner = [operation, maintenance, construction, ...engineers].find(({ personId }) => personId === item.ownerId)
    if (owner) await owner.call(meetingApi.finishItem, { itemId: item.id, note: '已办结，结果已通报' })
  }
  const heldAt = stage.now().add({ minutes: 30 })
  yield 90
  meeting = await operation.call(meetingApi.hold, { meetingId: meeting.id, heldAt: heldAt.toString(), place: PLACE })
  const due = today.add({ days: 4 }).toString()
  meeting = await operation.call(meetingApi.save, {
    ...content(meeting),
    attendees: meeting.attendees.map((one) => ({ ...one, present: true })),
    noneDeclared: meeting.majorEvents.length === 0,
    nextPlans: [maintenance, construction].map(({ personId, name }) => ({
      text: dice.pick(plans),
      ownerId: personId,
      ownerName: name,
      dueOn: due,
    })),
  })
  await operation.call(meetingApi.addItem, {
    meetingId: meeting.id,
    kind: 'DECISION',
    text: dice.pick(decisions),
    ownerId: maintenance.personId,
    dueOn: today.add({ days: 10 }).toString(),
  })
  await customer.call(meetingApi.comment, { meetingId: meeting.id, comment: '同意，按计划推进' })
  yield 240
  await operation.call(meetingApi.archive, { meetingId: meeting.id })
  for (const one of [operation, maintenance, construction, customer]) await one.call(meetingApi.ack, { meetingId: meeting.id })
}

/** The operation manager signs the week's figures on its last working day. */
export async function signBoard({ stage, staff }: Scene): Promise<void> {
  const { yearOfWeek, weekOfYear } = dayOf(stage.now())
  const week = `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`
  await staff.operation.call(documentApi.signBoard, { week, remarks: '已阅，逾期事项已逐一过问' })
}

/** A matter with another party, closed within the week after. */
export async function* coordinate({ stage, staff, dice }: Scene): Steps {
  const party = dice.pick(['省联通网络部', '空调维保单位', '设备原厂', '省政务信息中心'])
  const { id: itemId } = await staff.operation.call(documentApi.openCoordination, {
    title: `与${party}核对下月维护窗口`,
    party,
    ownerId: staff.operation.personId,
    dueOn: dayOf(stage.now()).add({ days: 7 }).toString(),
  })
  yield 180
  await staff.operation.call(documentApi.closeCoordination, { itemId, result: '对方书面确认窗口与联系人' })
}
