import type { Criterion, IncidentSource } from '@changbai/contract/incident.ts'
import type { Actor, Grant } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { applicationsById } from '../inventory/index.ts'
import { addIncident, completeStep, logIncident } from './incident.service.ts'
import { findIncident, type IncidentRow } from './incident.store.ts'
import { scheduleIncident } from './level.service.ts'

export interface DemoReporter {
  id: string
  name: string
  tenantId: string
  applicationId: string | null
}
export interface DemoIncidents {
  engineer: { id: string; name: string }
  reporters: readonly [DemoReporter, DemoReporter, DemoReporter]
}
const as = (ctx: Ctx, person: { id: string; name: string }, grants: Grant[]): Ctx => {
  const actor: Actor = { kind: 'person', personId: person.id, name: person.name, grants, address: '', sessionId: null }
  return { ...ctx, actor }
}

/** A few incidents as they stand in an ordinary hour: one to answer, one being repaired, one to verify, one booked. */
export async function seedDemoIncidents(ctx: Ctx, { engineer, reporters }: DemoIncidents): Promise<void> {
  const onDuty = as(ctx, engineer, [
    { role: 'MAINTENANCE_ENGINEER', tenantId: null, applicationId: null },
    { role: 'DUTY_OFFICER', tenantId: null, applicationId: null },
  ])
  const ago = (minutes: number) => ctx.now.subtract({ minutes })
  const applications = await applicationsById(
    ctx,
    reporters.flatMap((one) => one.applicationId ?? []),
  )
  const open = (
    by: DemoReporter,
    minutes: number,
    title: string,
    symptom: string,
    criteria: Criterion[],
    source: IncidentSource = 'PORTAL',
  ) =>
    addIncident(as(ctx, by, [{ role: 'APP_PROJECT_MANAGER', tenantId: by.tenantId, applicationId: null }]), {
      title: `${applications.get(by.applicationId ?? '')?.name ?? ''}${title}`,
      symptom,
      criteria,
      source,
      tenantId: by.tenantId,
      applicationId: by.applicationId,
      reporterId: by.id,
      reporterName: by.name,
      reporterPhone: '13900001111',
      detectedAt: null,
      reportedAt: ago(minutes),
      isSecurity: false,
    })
  const step = async (row: IncidentRow, node: string, outcome: string, data: Record<string, unknown>) => {
    const now = await findIncident(ctx.db, row.id)
    if (now) await completeStep(onDuty, now, node, outcome, data)
  }
  const respond = (row: IncidentRow, minutes: number) =>
    step(row, 'respondIncident', 'RESPONDED', { channel: 'PHONE', note: '已电话联系，正在排查', at: ago(minutes).toString() })
  const plan = (row: IncidentRow, hypothesis: string) =>
    step(row, 'planHandling', 'SUBMIT', {
      plan: {
        hypothesis,
        impact: '部分用户受影响',
        steps: [
          { seq: 1, action: '隔离故障节点', owner: engineer.name, eta: null },
          { seq: 2, action: '切换备用链路并观察', owner: engineer.name, eta: null },
        ],
        etaResolve: ctx.now.add({ minutes: 60 }).toString(),
        rollbackPlan: '恢复原链路',
        commsPlan: '每三十分钟通报一次',
      },
    })
  const [first, second, third] = reporters

  await open(first, 3, '查询报错', '提交查询后提示“服务暂不可用”，业务办理未受影响', ['ERROR_OR_WARNING'])
  const slow = await open(second, 22, '响应缓慢', '上午九点后页面打开需要十几秒', ['SLOW'], 'HOTLINE')
  await respond(slow, 18)
  await plan(slow, '存储链路降速')
  await logIncident(onDuty, { incidentId: slow.id, text: '已隔离一条链路，时延下降' })
  const restored = await open(third, 28, '短信验证码收不到', '登录时收不到验证码', ['ERROR_OR_WARNING'])
  await respond(restored, 24)
  await plan(restored, '短信网关会话中断')
  await step(restored, 'repairIncident', 'RESOLVED', { result: '已重建网关会话，测试收到验证码' })
  const booked = await open(first, 9, '扩容前的咨询', '想了解扩容窗口，可约时间', ['QUESTION_OR_BOOKING'])
  await respond(booked, 4)
  await scheduleIncident(onDuty, {
    incidentId: booked.id,
    for: ctx.now.add({ hours: 26 }).toString(),
    confirmation: '报障人电话确认，短信留存',
  })
}
