import { documentApi } from '@changbai/contract/document.ts'
import { type EmergencyDetail, emergencyApi } from '@changbai/contract/emergency.ts'
import { problemApi } from '@changbai/contract/known-problem.ts'
import { storeFile } from '../../../../platform/files.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Scene } from '../staff.ts'

/** What the operation manager hands out each quarter. */
export async function giveGuidance({ staff }: Scene): Promise<void> {
  await staff.operation.call(documentApi.addGuidance, {
    title: '本季运营要点',
    text: '一、申请材料一次讲清，退回须列全缺项。二、闲置资源按规则出报告，未经应用方确认不回收。三、重要保障期前两周冻结常规变更。',
  })
}

const papers = [
  ['吉林省政务云操作手册', 'MANUAL', 3],
  ['云平台运维管理制度汇编', 'REGULATION', 5],
  ['机房出入与巡检管理规定', 'REGULATION', 5],
] as const

/** The documents everybody works by. */
export async function fillLibrary({ stage, staff }: Scene): Promise<void> {
  const { door } = stage.server.runtime
  for (const [title, kind, years] of papers) {
    const { id: fileId } = await door.enter({ actor: staff.operation.actor }, (ctx) =>
      storeFile(ctx, [Buffer.from(`${title}（演示）`)], { name: `${title}.txt`, purpose: 'document' }),
    )
    const keepUntil = dayOf(stage.now()).add({ years }).toString()
    await staff.operation.call(documentApi.addDocument, { title, kind, keepUntil, fileId, note: '首版' })
  }
}

/** The yearly paper of a few bureaus, out of what was measured, sent and acknowledged. */
export async function* advise({ stage, staff, dice }: Scene): Steps {
  const { year } = dayOf(stage.now())
  const seen = new Set<string>()
  for (const { tenantId, manager, approver } of staff.owners) {
    if (seen.has(tenantId)) continue
    seen.add(tenantId)
    if (seen.size > 5) return
    const { id: paperId } = await staff.operation.call(documentApi.makePaper, { year, tenantId })
    await staff.operation.call(documentApi.advise, {
      paperId,
      advice: '存储按月增长 4%，建议明年一季度扩容；两台应用服务器长期偏闲，可降配。',
    })
    await staff.operation.call(documentApi.sendPaper, { paperId })
    yield dice.number(5, 25)
    await (seen.size % 2 === 0 ? approver : manager).call(documentApi.ackPaper, { paperId, comment: '收到，纳入预算' })
  }
}

/** A drill of a plan that is in force, from the alarm to the approved report. */
export async function* drill({ staff, dice }: Scene): Steps {
  const { maintenance, engineers, desk, leader } = staff
  const engineer = engineers[0] ?? maintenance
  const { items } = await maintenance.call(emergencyApi.plans, {})
  const plan = items.find(({ name }) => name.includes('供电')) ?? items[0]
  if (!plan) return
  let one: EmergencyDetail = await maintenance.call(emergencyApi.activate, {
    planId: plan.id,
    mode: 'DRILL',
    reason: '季度应急演练',
    commanderId: maintenance.personId,
    operatorId: engineer.personId,
    liaisonId: desk.personId,
    approverId: leader.personId,
    participantIds: engineers.slice(1).map(({ personId }) => personId),
  })
  const emergencyId = one.id
  const { checklists } = await maintenance.call(emergencyApi.plan, { planId: plan.id })
  const players = new Map([maintenance, engineer, desk, leader].map((player) => [player.name, player]))
  for (let step = 0; step < 20 && one.state !== 'CLOSED'; step += 1) {
    const task = one.steps.find(({ taskId }) => taskId !== null)
    const player = task && players.get(task.assigneeName ?? '')
    if (!task?.taskId || !player) return
    yield dice.number(4, 9)
    const input = { emergencyId, taskId: task.taskId }
    if (task.node === 'verifyRestored') one = await player.call(emergencyApi.verify, { ...input, restored: true })
    else if (task.node === 'writeSummary')
      one = await player.call(emergencyApi.summarise, {
        ...input,
        summary: { result: '按时恢复', findings: '一处配电柜标签不清', improvements: '补贴标签，更新单线图' },
      })
    else if (task.node === 'approveSummary') one = await player.call(emergencyApi.approve, { ...input, approve: true })
    else one = await player.call(emergencyApi.step, { ...input, checked: checklists[task.node] ?? [], note: '已完成' })
  }
}

/** Causes found behind incidents become known errors with a way round. */
export async function knowProblems({ staff }: Scene): Promise<void> {
  const engineer = staff.engineers[0] ?? staff.maintenance
  const { items } = await engineer.call(problemApi.list, {})
  for (const { id: problemId, state } of items.slice(0, 3)) {
    if (state !== 'OPEN') continue
    const { title, description, nature, rootCause } = await engineer.call(problemApi.get, { problemId })
    await engineer.call(problemApi.change, {
      problemId,
      title,
      description,
      nature,
      rootCause,
      workaround: '切换到备用部件，业务即可恢复',
      solution: '',
      ownerId: engineer.personId,
    })
    await engineer.call(problemApi.markKnown, { problemId })
  }
}
