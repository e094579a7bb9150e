import type { Grant } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { approvePlan, writePlan } from './plan.service.ts'

interface Person {
  id: string
  name: string
}
const as = (ctx: Ctx, person: Person, role: Grant['role']): Ctx => ({
  ...ctx,
  actor: {
    kind: 'person',
    personId: person.id,
    name: person.name,
    grants: [{ role, tenantId: null, applicationId: null }],
    address: '',
    sessionId: null,
  },
})
const SCENARIOS = [
  {
    name: '机房供电中断应急预案',
    scenario: '市电或机房配电中断，不间断电源进入电池供电',
    triggers: '市电中断超过 30 秒，或不间断电源后备时间不足 30 分钟',
    rtoMinutes: 60,
    processKey: 'emergency-power',
    checklists: {
      confirmScene: ['确认中断范围', '确认不间断电源后备时间'],
      firstMeasure: ['启动柴油发电机', '关停非关键负载'],
      secondMeasure: ['核对相序与电压', '按存储、网络、服务器顺序上电', '核对平台服务'],
    },
  },
  {
    name: '出口网络中断应急预案',
    scenario: '互联网或政务外网出口中断',
    triggers: '出口探测连续失败 3 次，或运营商通告中断',
    rtoMinutes: 30,
    processKey: 'emergency-network',
    checklists: { firstMeasure: ['切换备用链路', '核对路由'], secondMeasure: ['主用链路恢复', '流量与时延正常'] },
  },
  {
    name: '网络安全事件应急预案',
    scenario: '入侵、勒索、数据泄露、网页篡改',
    triggers: '安全事件定为较大以上，或有数据外泄迹象',
    rtoMinutes: 240,
    processKey: 'emergency-security',
    checklists: { firstMeasure: ['断开受影响资产的网络', '保留现场镜像'], keepRecord: ['日志导出并存证', '提请甲方报送'] },
  },
] as const

/** Three plans as they stand after their yearly review. */
export async function seedDemoEmergency(
  ctx: Ctx,
  { writer, leader, contacts }: { writer: Person; leader: Person; contacts: readonly { personId: string; duty: string }[] },
): Promise<void> {
  const reviewOn = shanghaiDay(ctx.now).add({ days: 300 }).toString()
  for (const { checklists, ...plan } of SCENARIOS) {
    const lists = Object.fromEntries(Object.entries(checklists).map(([node, items]) => [node, [...items]]))
    const { id } = await writePlan(as(ctx, writer, 'MAINTENANCE_MANAGER'), { ...plan, checklists: lists, contacts: [...contacts] })
    await approvePlan(as(ctx, leader, 'PROVIDER_LEADER'), { planId: id, reviewOn })
  }
}
