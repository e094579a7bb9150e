import type { Events } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import { findCase } from './case.store.ts'
import './reclaim.events.ts'

const kind = (
  event: string,
  urgency: NoticeKind['urgency'],
  more: readonly string[],
  zh: [string, string],
  en: [string, string],
): NoticeKind => ({
  event,
  topic: 'system',
  urgency,
  placeholders: ['number', 'name', ...more],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
export const registerReclaimNotices = (): void =>
  registerNotices([
    kind(
      'reclaim.asked',
      'HIGH',
      ['outcome'],
      ['请核实资源回收：{name}', '{number}：经评估拟{outcome}“{name}”。请在十个工作日内答复；不答复不视为同意。'],
      [
        'Please look at {name}',
        '{number}: after assessment “{name}” is to be taken back or made smaller. Please answer within ten working days; silence is not consent.',
      ],
    ),
    kind(
      'reclaim.reminded',
      'HIGH',
      [],
      ['待答复：{name} 的回收核实单', '{number}“{name}”的核实单尚未答复，请尽快确认或提出异议。'],
      ['No answer yet: {name}', '{number} about “{name}” still waits for your answer. Please confirm or object.'],
    ),
    kind(
      'reclaim.customer-informed',
      'NORMAL',
      [],
      ['知会：{name} 将按变更替换', '{number}“{name}”配置过高，已经评估确认，将与应用方商定窗口后替换。'],
      [
        'For your information: {name}',
        '{number}: “{name}” is too large by assessment and will be replaced in a window agreed with the bureau.',
      ],
    ),
    kind(
      'reclaim.cooling',
      'HIGH',
      ['until'],
      ['{name} 已停用，冷静期内可一键恢复', '{number}“{name}”已停用，{until} 前任一方可一键恢复，期满将释放。'],
      [
        '{name} is stopped and can be had back',
        '{number}: “{name}” is stopped. Any party can have it back until {until}; then it is released.',
      ],
    ),
    kind(
      'reclaim.released',
      'NORMAL',
      ['vcpu', 'memGiB', 'gib'],
      ['{name} 已回收', '{number}“{name}”已办结，收回 {vcpu} vCPU、{memGiB} GiB 内存、{gib} GiB 存储。'],
      ['{name} was taken back', '{number}: “{name}” is done; {vcpu} vCPU, {memGiB} GiB memory and {gib} GiB storage are free again.'],
    ),
  ])

type Told = Pick<Events['reclaim.reminded'], 'caseId' | 'number' | 'name' | 'tenantId' | 'applicationId'>
const bureau = ({ tenantId, applicationId }: Told) =>
  (['APP_PROJECT_MANAGER', 'TENANT_ADMIN'] as const).map((role) => ({ role, tenantId, applicationId }))
const about = ({ caseId, number, name, tenantId }: Told) => ({ params: { number, name }, link: `/work/reclaim/${caseId}`, tenantId })

export const tellAsked: Reaction<'reclaim.asked'> = async (ctx, told) => {
  const { params, ...rest } = about(told)
  await notify(ctx, { event: 'reclaim.asked', to: bureau(told), ...rest, params: { ...params, outcome: told.outcome } })
}
export const tellReminded: Reaction<'reclaim.reminded'> = async (ctx, told) => {
  await notify(ctx, { event: 'reclaim.reminded', to: bureau(told), ...about(told) })
}
export const tellCustomerInformed: Reaction<'reclaim.customer-informed'> = async (ctx, told) => {
  await notify(ctx, { event: 'reclaim.customer-informed', to: { role: 'CUSTOMER_OM_MANAGER' }, ...about(told) })
}
export const tellCooling: Reaction<'reclaim.cooling'> = async (ctx, { caseId, name, until }) => {
  const row = await findCase(ctx.db, caseId)
  if (!row) return
  const told = { caseId, number: row.number, name, tenantId: row.tenant_id, applicationId: row.application_id }
  const { params, ...rest } = about(told)
  await notify(ctx, {
    event: 'reclaim.cooling',
    to: [...bureau(told), { role: 'OPERATION_MANAGER' }],
    ...rest,
    params: { ...params, until },
  })
}
export const tellReleased: Reaction<'reclaim.released'> = async (ctx, told) => {
  const { params, ...rest } = about(told)
  const amounts = { vcpu: String(told.vcpu), memGiB: String(told.memGiB), gib: String(told.gib) }
  const to = [...bureau(told), { role: 'MAINTENANCE_MANAGER' as const }, { role: 'CUSTOMER_OM_MANAGER' as const }]
  await notify(ctx, { event: 'reclaim.released', to, ...rest, params: { ...params, ...amounts } })
}
