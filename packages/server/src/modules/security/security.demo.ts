import type { SecurityService } from '@changbai/contract/provision-form.ts'
import type { Grant } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { protectedApplications } from '../inventory/index.ts'
import { addHeld } from './held.service.ts'
import { orderSecurity, securityCatalogue } from './order.service.ts'
import { demandedAt } from './security.domain.ts'

const PRODUCTS: Record<SecurityService, string> = {
  WAF: '云 WAF 标准版',
  HOST_PROTECTION: '主机防护 Agent',
  BASTION: '云堡垒机 50 资产',
  LOG_AUDIT: '日志审计 180 天',
  VULN_SCAN: '漏洞扫描 月度',
}
interface Register {
  owner: string
  /** What of the services that it must have an application has, and until when. */
  held(demanded: readonly SecurityService[], place: { index: number; application: Protected }): readonly SecurityService[]
  expiresOn(today: Temporal.PlainDate, place: { index: number; at: number }): Temporal.PlainDate
}
type Protected = Awaited<ReturnType<typeof protectedApplications>>[number]

async function fillRegister(ctx: Ctx, { owner, held, expiresOn }: Register): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const catalogue = securityCatalogue(ctx)
  for (const [index, application] of (await protectedApplications(ctx, ctx.now)).entries())
    for (const [at, code] of held(demandedAt(catalogue, application.level), { index, application }).entries())
      await addHeld(ctx, {
        code,
        application,
        product: PRODUCTS[code],
        ownerName: owner,
        scope: '',
        beginsOn: today.subtract({ months: 8 }),
        expiresOn: expiresOn(today, { index, at }),
        source: 'RECORD',
        sourceId: `demo-${application.id}`,
        sourceNumber: '',
      })
}

/** Every application has what its level demands, for half a year and longer. */
export const seedDemoProtection = (ctx: Ctx, owner: string): Promise<void> =>
  fillRegister(ctx, { owner, held: (demanded) => demanded, expiresOn: (today, { index }) => today.add({ months: 6, days: index }) })

/** One application in three lacks its last service, one in four has a service that ends soon; those of one bureau have what they lack on order. */
export async function seedDemoSecurity(
  ctx: Ctx,
  { asker, tenantId, owner }: { asker: { id: string; name: string }; tenantId: string; owner: string },
): Promise<void> {
  await fillRegister(ctx, {
    owner,
    held: (demanded, { index, application }) => (index % 3 === 0 || application.tenantId === tenantId ? demanded.slice(0, -1) : demanded),
    expiresOn: (today, { index, at }) => (index % 4 === 1 && at === 0 ? today.add({ days: 18 }) : today.add({ months: 4, days: index })),
  })
  const catalogue = securityCatalogue(ctx)
  for (const application of await protectedApplications(ctx, ctx.now)) {
    const lacking = demandedAt(catalogue, application.level).at(-1)
    if (!lacking || application.tenantId !== tenantId) continue
    const grant: Grant = { role: 'APP_PROJECT_MANAGER', tenantId, applicationId: null }
    const bureau: Ctx = {
      ...ctx,
      actor: { kind: 'person', personId: asker.id, name: asker.name, grants: [grant], address: '', sessionId: null },
    }
    await orderSecurity(bureau, { applicationId: application.id, code: lacking, reason: '等保测评整改' })
  }
}
