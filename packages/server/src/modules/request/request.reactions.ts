import type { MatterStatus } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ENDED, matterReactions } from '../admission/index.ts'
import { lockRequest, updateRequest } from './request.store.ts'

export const requestReactions = matterReactions({
  type: 'request',
  processKey: 'resource-request',
  applicantSteps: new Set(['prepareCatalog', 'fillProvisionForm']),
  lock: lockRequest,
  update: updateRequest,
  isDecided: (row) => row.decided_at !== null,
})

/** Provisioning says how far the work orders of a request are, all of them together. */
export async function followFulfilment(
  ctx: Ctx,
  {
    requestId,
    status,
  }: {
    requestId: string
    status: Extract<MatterStatus, 'FULFILLING' | 'FULFILL_FAILED' | 'DELIVERED' | 'ACCEPTED' | 'CLOSED' | 'CANCELLED'>
  },
): Promise<void> {
  const row = await lockRequest(ctx.db, requestId)
  if (!row || row.status === status || ENDED.has(row.status)) return
  await updateRequest(ctx.db, requestId, { status, started_at: row.started_at ?? ctx.now }, ctx.now)
  await ctx.record({
    kind: `request.${status.toLowerCase().replace('_', '-')}`,
    subject: { type: 'request', id: requestId },
    tenantId: row.tenant_id,
    before: { status: row.status },
    after: { status },
  })
}
