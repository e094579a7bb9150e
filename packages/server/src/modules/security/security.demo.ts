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
/** One application in three lacks its last service, one in four has a service that ends soon; those of one bureau have what they lack on order. */
export async function seedDemoSecurity(
  ctx: Ctx,
  { asker, tenantId, owner }: { asker: { id: string; name: string }; tenantId: string; owner: string },
): Promise<void> {
  const today = shanghaiDay(ctx.now)
  const catalogue = securityCatalogue(ctx)
  for (const [index, application] of (await protectedApplications(ctx, ctx.now)).entries()) {
    const demanded = demandedAt(catalogue, application.level)
    const held = index % 3 === 0 || application.tenantId === tenantId ? demanded.slice(0, -1) : demanded
    for (const [at, code] of held.entries())
      await addHeld(ctx, {
        code,
        application,
        product: PRODUCTS[code],
        ownerName: owner,
        scope: '',
        beginsOn: today.subtract({ months: 8 }),
        expiresOn: index % 4 === 1 && at === 0 ? today.add({ days: 18 }) : today.add({ months: 4, days: index }),
        source: 'RECORD',
        sourceId: `demo-${application.id}`,
        sourceNumber: '',
      })
    const lacking = demanded.find((code) => !held.includes(code))
    if (!lacking || application.tenantId !== tenantId) continue
    const grant: Grant = { role: 'APP_PROJECT_MANAGER', tenantId, applicationId: null }
    const bureau: Ctx = {
      ...ctx,
      actor: { kind: 'person', personId: asker.id, name: asker.name, grants: [grant], address: '', sessionId: null },
    }
    await orderSecurity(bureau, { applicationId: application.id, code: lacking, reason: '等保测评整改' })
  }
}
