import type { Grant } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { acceptService, submitService } from './service.service.ts'

interface Person {
  id: string
  name: string
}
const as = (ctx: Ctx, person: Person, grant: Grant): Ctx => ({
  ...ctx,
  actor: { kind: 'person', personId: person.id, name: person.name, grants: [grant], address: '', sessionId: null },
})

/** Two requests of bureaus, one in hand, and a support order to the technician. */
export async function seedDemoServices(
  ctx: Ctx,
  { asker, tenantId, manager, technician }: { asker: Person; tenantId: string; manager: Person; technician: Person },
): Promise<void> {
  const bureau = as(ctx, asker, { role: 'APP_PROJECT_MANAGER', tenantId, applicationId: null })
  const operation = as(ctx, manager, { role: 'OPERATION_MANAGER', tenantId: null, applicationId: null })
  const technical = as(ctx, technician, { role: 'OPERATION_TECHNICIAN', tenantId: null, applicationId: null })
  const rest = { contact: '', tenantId: null, applicationId: null }
  await submitService(bureau, {
    ...rest,
    code: 'VISIT',
    title: '机房现场核对专线接入',
    answers: { place: '省林草局三楼机房', visitOn: '2026-12-01', contact: '杨帆 13900001111', work: '核对专线接入与标签' },
  })
  const report = await submitService(bureau, {
    ...rest,
    code: 'REPORT',
    title: '三季度资源使用报表',
    answers: { subject: '云主机与存储峰值利用率', from: '2026-07-01', until: '2026-09-30' },
  })
  await acceptService(technical, { requestId: report.id, comment: '' })
  await submitService(operation, {
    ...rest,
    code: 'SUPPORT',
    title: '核对镜像补丁级别',
    answers: { work: '核对国产操作系统镜像的补丁级别' },
  })
}
