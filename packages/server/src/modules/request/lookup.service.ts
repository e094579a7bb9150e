import type { MatterStatus } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { requestByNumber } from './request.store.ts'

/** For other modules: no permission is asked. The request with this number, if there is one. */
export async function findRequestByNumber(
  ctx: Ctx,
  number: string,
): Promise<{ id: string; applicationId: string; status: MatterStatus } | undefined> {
  const row = await requestByNumber(ctx.db, number)
  return row && { id: row.id, applicationId: row.application_id, status: row.status }
}
