import type { Role } from '@changbai/contract/capability.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { images, serversOfImage } from '../inventory/index.ts'
import { planRound, publishBaseline } from './patch.service.ts'

/** A baseline for every image that is in use, and a round next week for the first of them. */
export async function seedDemoPatches(ctx: Ctx, manager: { id: string; name: string }): Promise<void> {
  const grant = { role: 'MAINTENANCE_MANAGER' as Role, tenantId: null, applicationId: null }
  const by: Ctx = {
    ...ctx,
    actor: { kind: 'person', personId: manager.id, name: manager.name, grants: [grant], address: '', sessionId: null },
  }
  let planned = false
  for (const image of await images(ctx)) {
    if ((await serversOfImage(ctx, image.id)).length === 0) continue
    const baseline = await publishBaseline(by, {
      imageId: image.id,
      severity: planned ? 'IMPORTANT' : 'CRITICAL',
      summary: planned ? '季度例行安全更新' : 'openssh 远程代码执行修补与季度例行安全更新',
      packages: [
        { name: 'openssh-server', version: '9.6p1-5' },
        { name: 'kernel', version: '4.19.90-52.48' },
      ],
    })
    if (planned) continue
    planned = true
    await planRound(by, {
      title: `${image.name} 季度补丁`,
      baselineId: baseline.id,
      windowFrom: ctx.now.add({ hours: 24 * 6 }).toString(),
      windowTo: ctx.now.add({ hours: 24 * 6 + 5 }).toString(),
      restart: true,
      rollbackPlan: '由补丁前快照恢复',
    })
  }
}
