import { deskApi } from '@changbai/contract/desk.ts'
import { serviceRequestApi } from '@changbai/contract/service-request.ts'
import type { Steps } from '../agenda.ts'
import type { Scene } from '../staff.ts'

const questions = [
  '忘记登录口令怎么办',
  '如何申请增加磁盘',
  '出口带宽能否临时调整',
  '备份策略怎样查看',
  '准入材料需要哪些附件',
  '巡检报告在哪里下载',
]

/** The hot line rings, is answered within fifteen seconds, and what came of it is written down. */
export async function* answerCall({ stage, staff, dice, tally }: Scene): Steps {
  const owner = dice.pick(staff.owners)
  const calledAt = stage.now()
  const waited = dice.number(4, 15)
  const content = dice.pick(questions)
  yield 3
  await staff.desk.call(deskApi.record, {
    line: 'DESK',
    calledAt: calledAt.toString(),
    answeredAt: calledAt.add({ seconds: waited }).toString(),
    callerName: owner.manager.name,
    callerOrg: owner.unit,
    tenantId: owner.tenantId,
    applicationId: owner.applicationId,
    type: 'CONSULT',
    content,
    result: '已按手册答复，来电人表示清楚',
  })
  tally.calls += 1
}

const wishes = [
  ['CONSULT', '扩容路径与材料', { question: '三台应用服务器扩容，应走变更还是新申请' }, '已答复：走资源变更，附业务量评估'],
  ['CONSULT', '备份恢复怎样演练', { question: '想在季末演练一次数据库恢复' }, '已约定演练窗口并发出步骤'],
] as const

const orders = [
  ['TEMPLATE', '更新麒麟镜像补丁基线', { template: '银河麒麟 V10 SP3', change: '合入本月安全补丁，重做镜像' }, '镜像已更新并核验'],
  ['SUPPORT', '协助核对负载均衡配置', { work: '核对两处负载均衡的健康检查与会话保持' }, '已核对，一处间隔已调整'],
] as const

/** The provider's own people ask the technician for templates and support. */
export async function* serveProvider({ staff }: Scene, which: 0 | 1): Steps {
  const { operation, technician } = staff
  const [code, title, answers, result] = orders[which]
  const { id: requestId } = await operation.call(serviceRequestApi.submit, { code, title, answers })
  yield 30
  await technician.call(serviceRequestApi.accept, { requestId, comment: '' })
  yield 150
  await technician.call(serviceRequestApi.finish, { requestId, result })
  yield 20
  await operation.call(serviceRequestApi.confirm, { requestId, done: true })
}

/** A bureau asks for something of the catalogue, and has it the same day. */
export async function* serveRequest({ staff, dice }: Scene): Steps {
  const { manager } = dice.pick(staff.owners)
  const [code, title, answers, result] = dice.pick(wishes)
  const { id: requestId } = await manager.call(serviceRequestApi.submit, { code, title, answers })
  yield 35
  await staff.technician.call(serviceRequestApi.accept, { requestId, comment: '今天答复' })
  yield 95
  await staff.technician.call(serviceRequestApi.finish, { requestId, result })
  yield 20
  await manager.call(serviceRequestApi.confirm, { requestId, done: true })
  await manager.call(serviceRequestApi.rate, { requestId, score: dice.number(4, 5), comment: '' })
}
