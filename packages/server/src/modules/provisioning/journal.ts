import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import type { Words } from './provisioning.domain.ts'
import { insertEvent, type OrderRow, type Who } from './provisioning.store.ts'

export const whoOf = (ctx: Ctx): Who => ({ id: ctx.actor.personId, name: ctx.actor.name })

/** Writes one line of the order's history and the fact that seals it. */
export async function note(
  ctx: Ctx,
  order: Pick<OrderRow, 'id' | 'tenant_id'>,
  kind: string,
  words: Words,
  more: { lineId?: string; data?: Record<string, unknown>; before?: unknown; after?: unknown } = {},
): Promise<void> {
  await insertEvent(ctx.db, {
    id: newId(),
    work_order_id: order.id,
    line_id: more.lineId ?? null,
    at: ctx.now,
    kind,
    by_id: ctx.actor.personId,
    by_name: ctx.actor.name,
    by_system: ctx.actor.kind !== 'person',
    zh: words.zh,
    en: words.en,
    data: JSON.stringify(more.data ?? {}),
  })
  await ctx.record({
    kind: `work-order.${kind}`,
    subject: { type: 'work-order', id: order.id },
    tenantId: order.tenant_id,
    before: more.before,
    after: more.after,
    data: { ...more.data, ...(more.lineId ? { lineId: more.lineId } : {}) },
  })
}
