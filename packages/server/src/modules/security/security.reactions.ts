import { SecurityService, securityServiceNames } from '@changbai/contract/provision-form.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findApplication } from '../inventory/index.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import { securityLinesOf } from '../provisioning/index.ts'
import { addHeld } from './held.service.ts'
import { securityCatalogue } from './order.service.ts'
import { findOrder } from './security.store.ts'

const kind = (event: string, placeholders: string[], zh: [string, string], en: [string, string]): NoticeKind => ({
  event,
  topic: 'task',
  urgency: 'NORMAL',
  placeholders,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
export const registerSecurityNotices = (): void =>
  registerNotices([
    kind(
      'security.declined',
      ['number', 'service', 'application', 'reason'],
      ['安全服务未受理：{service}', '{application} 的{service}（{number}）未受理。原因：{reason}'],
      ['Not accepted: {service}', '{service} for {application} ({number}) was not accepted. Reason: {reason}'],
    ),
    kind(
      'security.held',
      ['number', 'service', 'application', 'until'],
      ['安全服务已生效：{service}', '{application} 的{service}（{number}）已生效，至 {until}。'],
      ['In force: {service}', '{service} for {application} ({number}) is in force until {until}.'],
    ),
    kind(
      'security.expiring',
      ['service', 'application', 'until', 'days'],
      ['安全服务将到期：{service}', '{application} 的{service}还有 {days} 天到期（{until}），请续订或说明不再需要。'],
      ['Ends soon: {service}', '{service} of {application} ends in {days} days ({until}). Renew it, or say that it is not needed.'],
    ),
  ])

const nameOf = (ctx: Ctx, code: keyof typeof securityServiceNames): string =>
  securityServiceNames[code][ctx.locale === 'en-US' ? 'en' : 'zh']

export const tellSecurityDeclined: Reaction<'security.declined'> = async (ctx, { orderId }) => {
  const row = await findOrder(ctx.db, orderId)
  if (!row) return
  await notify(ctx, {
    event: 'security.declined',
    to: { personIds: [row.requester_id] },
    params: { number: row.number, service: nameOf(ctx, row.code), application: row.application_name, reason: row.outcome_text },
    link: `/cloud/security/orders/${row.id}`,
    tenantId: row.tenant_id,
  })
}
export const tellSecurityHeld: Reaction<'security.held'> = async (ctx, { orderId }) => {
  const row = await findOrder(ctx.db, orderId)
  if (!row) return
  await notify(ctx, {
    event: 'security.held',
    to: [{ role: 'APP_PROJECT_MANAGER', tenantId: row.tenant_id, applicationId: row.application_id }],
    params: { number: row.number, service: nameOf(ctx, row.code), application: row.application_name, until: row.delivery?.expiresOn ?? '' },
    link: `/cloud/security/orders/${row.id}`,
    tenantId: row.tenant_id,
  })
}
export const tellSecurityExpiring: Reaction<'security.expiring'> = async (
  ctx,
  { serviceId, code, applicationId, applicationName, tenantId, expiresOn, days },
) => {
  await notify(ctx, {
    event: 'security.expiring',
    to: [{ role: 'APP_PROJECT_MANAGER', tenantId, applicationId }, { role: 'OPERATION_MANAGER' }],
    params: { service: nameOf(ctx, code), application: applicationName, until: expiresOn, days: String(days) },
    link: '/cloud/security',
    tenantId,
    dedupKey: `security.expiring:${serviceId}:${days}`,
  })
}

/** Services that came with a work order are held from its delivery, for as long as its lease or the catalogue says, whichever is shorter. */
export const holdDelivered: Reaction<'resources.handed-over'> = async (ctx, order) => {
  const lines = order.resources.some((one) => one.kind === 'SECURITY') ? await securityLinesOf(ctx, order.workOrderId) : []
  const application = lines.length > 0 ? await findApplication(ctx, order.applicationId) : undefined
  if (!application) return
  const today = shanghaiDay(ctx.now)
  const catalogue = securityCatalogue(ctx)
  for (const line of lines)
    for (const service of line.services) {
      const code = SecurityService.safeParse(service)
      if (!code.success) continue
      const months = catalogue.find((one) => one.code === code.data)?.months ?? 12
      const [lease, usual] = [Temporal.PlainDate.from(line.usageUntil), today.add({ months })]
      await addHeld(ctx, {
        code: code.data,
        application,
        product: securityServiceNames[code.data].zh,
        ownerName: order.no,
        scope: '',
        beginsOn: today,
        expiresOn: Temporal.PlainDate.compare(lease, usual) < 0 && Temporal.PlainDate.compare(lease, today) >= 0 ? lease : usual,
        source: 'WORK_ORDER',
        sourceId: line.id,
        sourceNumber: order.no,
      })
    }
}
