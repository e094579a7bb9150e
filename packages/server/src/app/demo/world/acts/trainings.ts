import { trainingApi } from '@changbai/contract/training.ts'
import { storeFile } from '../../../../platform/files.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, instantOf, type Scene } from '../staff.ts'

type Topic = 'VM_USE' | 'NETWORK_USE' | 'REQUEST_CHANGE' | 'FAULT_REPORT'
/** A question, the right answer, a wrong one. */
const bank: Readonly<Record<Topic, readonly (readonly [text: string, right: string, wrong: string])[]>> = {
  VM_USE: [
    ['云主机关机后磁盘数据', '保留', '清除'],
    ['调整云主机规格前应先', '做快照', '删除快照'],
    ['云主机时间应与什么一致', '平台时钟源', '个人电脑'],
    ['系统盘使用率持续高于 80% 时应', '清理或申请扩容', '重启了事'],
    ['云主机口令应', '定期更换', '写在桌面上'],
  ],
  NETWORK_USE: [
    ['放行管理端口时来源应', '写明网段', '填所有地址'],
    ['公网地址须', '随申请说明用途', '随意绑定'],
    ['负载均衡后端异常时', '自动摘除', '继续转发'],
    ['两区之间互访须', '申请策略', '自行拉线'],
    ['端口策略到期后', '失效须续期', '长期有效'],
  ],
  REQUEST_CHANGE: [
    ['申请资源之前须先', '准入', '采购'],
    ['系统能力目录由谁编制', '应用方', '机房'],
    ['常规变更须在窗口内并有', '回退方案', '口头约定'],
    ['交付后应由谁验收', '应用方', '厂商'],
    ['云主机交付时限为', '2 个工作日', '30 日'],
  ],
  FAULT_REPORT: [
    ['业务全部停止时报', 'I 级', 'IV 级'],
    ['报障后多久有人响应', '10 分钟内', '次日'],
    ['非工作时间报障打', '移动热线', '无人接听'],
    ['恢复后由谁确认', '应用方', '自动关闭'],
    ['报障应说清', '现象与时间', '仅留姓名'],
  ],
}

/** The sessions of the year, moved to where they can be held, and twenty questions. */
export async function planTrainings({ stage, staff }: Scene): Promise<void> {
  const today = dayOf(stage.now())
  const { operation } = staff
  const { items } = await operation.call(trainingApi.planYear, {
    year: today.year,
    venue: '省电子政务办会议室',
    trainers: staff.technician.name,
  })
  const isPast = (plannedOn: string) => Temporal.PlainDate.compare(Temporal.PlainDate.from(plannedOn), today) < 0
  const taken = new Set(items.map(({ plannedOn }) => plannedOn).filter((on) => !isPast(on)))
  const pastCount = items.length - taken.size
  for (let index = 1; index <= pastCount; index += 1) {
    // evenly over what is left of the year, one a day
    const left = today.until(today.with({ month: 12, day: 20 })).days
    let on = weekday(today.add({ days: Math.max(1, Math.floor((left * index) / (pastCount + 1))) }))
    while (taken.has(on.toString())) on = weekday(on.add({ days: 1 }))
    taken.add(on.toString())
  }
  // the first of the year is also held first
  const days = [...taken].sort()
  for (const [index, one] of items.toSorted((a, b) => a.seq - b.seq).entries()) {
    const plannedOn = days[index] ?? one.plannedOn
    if (plannedOn === one.plannedOn) continue
    const { course, topics, audience, venue, trainers } = one
    await operation.call(trainingApi.change, { trainingId: one.id, plannedOn, course, topics, days: one.days, audience, venue, trainers })
  }
  for (const [topic, questions] of Object.entries(bank) as [Topic, (typeof bank)[Topic]][])
    for (const [index, [text, right, wrong]] of questions.entries())
      await operation.call(trainingApi.addQuestion, {
        topic,
        text,
        options: index % 2 === 0 ? [right, wrong] : [wrong, right],
        correct: index % 2,
      })
}
const weekday = (on: Temporal.PlainDate): Temporal.PlainDate => (on.dayOfWeek > 5 ? on.add({ days: 8 - on.dayOfWeek }) : on)

/** What is planned for ten days from now is announced; what is planned for today is held. */
export async function* keepTrainings(scene: Scene): Steps {
  const { stage, staff } = scene
  const today = dayOf(stage.now())
  const { items } = await staff.operation.call(trainingApi.list, { year: today.year })
  for (const { id: trainingId, plannedOn, status } of items) {
    const days = today.until(Temporal.PlainDate.from(plannedOn)).days
    if (status === 'PLANNED' && days >= 0 && days <= 10) {
      await staff.operation.call(trainingApi.invite, { trainingId })
      for (const admin of staff.tenantAdmins) await admin.call(trainingApi.answer, { trainingId, coming: true })
    }
    if (days === 0 && (status === 'PLANNED' || status === 'INVITED')) yield* holdTraining(scene, trainingId)
  }
}

async function* holdTraining({ stage, staff, dice }: Scene, trainingId: string): Steps {
  const { operation, tenantAdmins } = staff
  const { door } = stage.server.runtime
  const { id: fileId } = await door.enter({ actor: operation.actor }, (ctx) =>
    storeFile(ctx, [Buffer.from('吉林省政务云操作手册（演示）')], { name: '吉林省政务云操作手册.txt', purpose: 'training' }),
  )
  await operation.call(trainingApi.material, { trainingId, fileId, name: '吉林省政务云操作手册' })
  yield 10
  const { code } = await operation.call(trainingApi.code, { trainingId })
  for (const admin of tenantAdmins) await admin.call(trainingApi.signIn, { trainingId, code })
  yield 390
  const known = new Map((await operation.call(trainingApi.questions, { limit: 100 })).items.map((one) => [one.id, one.correct]))
  for (const admin of tenantAdmins) {
    const paper = await admin.call(trainingApi.startExam, { trainingId })
    const wrong = dice.number(0, 4)
    const answers = paper.questions.map(({ id }, index) => {
      const right = known.get(id) ?? 0
      return { questionId: id, option: index < wrong ? 1 - right : right }
    })
    await admin.call(trainingApi.submitExam, { examId: paper.id, answers })
    const score = () => dice.number(4, 5)
    await admin.call(trainingApi.survey, { trainingId, content: score(), trainer: score(), organization: score(), usefulness: score() })
  }
  yield 60
  const today = dayOf(stage.now())
  await operation.call(trainingApi.close, {
    trainingId,
    heldFrom: instantOf(today, '09:00').toString(),
    heldTo: stage.now().toString(),
    effect: '参训人员能独立提交申请与报障',
  })
}
