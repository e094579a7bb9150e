import type { Ctx } from '../../platform/ctx.ts'
import { tenantNames } from '../identity/index.ts'
import { applicationsById } from '../inventory/index.ts'

const present = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))]

/** Names of bureaus and applications beside one's own rows. */
export async function namesOf(ctx: Ctx, rows: readonly { tenant_id: string | null; application_id: string | null }[]) {
  const tenantIds = present(rows.map((row) => row.tenant_id))
  const tenants = tenantIds.length > 0 ? await tenantNames(ctx, tenantIds) : new Map<string, string>()
  const applications = await applicationsById(ctx, present(rows.map((row) => row.application_id)))
  return {
    tenant: (id: string | null): string | null => (id === null ? null : (tenants.get(id) ?? null)),
    application: (id: string | null): string | null => (id === null ? null : (applications.get(id)?.name ?? null)),
  }
}
