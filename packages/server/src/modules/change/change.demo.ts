import type { Role } from '@changbai/contract/capability.ts'
import type { ChangeForm } from '@changbai/contract/change.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { searchChangeable } from '../inventory/index.ts'
import { saveChange, startChange, submitChange } from './change.service.ts'
import { proposeFreeze } from './rules.service.ts'

interface DemoChanges {
  tenantId: string
  applicationId: string
  applicant: { id: string; name: string }
  manager: { id: string; name: string }
}

const as = (ctx: Ctx, person: { id: string; name: string }, role: Role, tenantId: string | null): Ctx => ({
  ...ctx,
  actor: {
    kind: 'person',
    personId: person.id,
    name: person.name,
    grants: [{ role, tenantId, applicationId: null }],
    address: '',
    sessionId: null,
  },
})

/** One change handed in, one draft, one freeze that waits for a second person: by the ways people go. */
export async function seedDemoChanges(ctx: Ctx, demo: DemoChanges): Promise<void> {
  const applicant = as(ctx, demo.applicant, 'APP_PROJECT_MANAGER', demo.tenantId)
  const server = (await searchChangeable(applicant, '', demo.applicationId, 20)).find((one) => one.kind === 'server')
  if (!server) return
  const at = (hours: number) => ctx.now.add({ hours }).toString()
  const begun = await startChange(applicant, { category: 'NORMAL', ciIds: [server.id] })
  const form: ChangeForm = {
    ...begun.form,
    title: `${server.name} 内存扩容`,
    items: [{ ciId: server.id, attr: 'memGiB', to: String(Number(server.values.memGiB) + 2) }],
    reason: 'PERFORMANCE',
    reasonText: '办件高峰内存使用率连续三周超过 85%',
    forecastRef: '办件量评估 2026-03',
    windowFrom: at(72),
    windowTo: at(76),
    steps: [
      { action: '建立快照', owner: '徐然', minutes: 20 },
      { action: '调整规格并确认', owner: '徐然', minutes: 30 },
    ],
    rollbackPlan: '恢复原规格，必要时由快照恢复',
    verifyPlan: '登录系统，提交一笔测试办件',
  }
  const saved = await saveChange(applicant, { changeId: begun.id, rev: begun.rev, form })
  await submitChange(applicant, { changeId: saved.id, rev: saved.rev })
  await startChange(applicant, { category: 'STANDARD', standardKey: 'take-snapshot', ciIds: [server.id] })
  await proposeFreeze(as(ctx, demo.manager, 'OPERATION_MANAGER', null), {
    name: '省重要会议保障',
    reason: '重要保障期，除紧急变更外不动',
    from: at(24 * 14),
    to: at(24 * 21),
  })
}
