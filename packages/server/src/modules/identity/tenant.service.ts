import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { identityApi } from '@changbai/contract/identity.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { insertTenant, listTenants } from './person.store.ts'

type TenantReply = Reply<typeof identityApi.createTenant>

const toTenant = (row: NonNullable<Awaited<ReturnType<typeof insertTenant>>>): TenantReply => ({
  id: row.id,
  code: row.code,
  name: row.name,
  shortName: row.short_name,
  status: row.status,
  createdAt: row.created_at.toString(),
})

export async function readTenants(ctx: Ctx, { q }: Input<typeof identityApi.tenants>): Promise<Reply<typeof identityApi.tenants>> {
  const scope = scopeOf(ctx.actor, 'tenant.read', 'R', 'r')
  const rows = await listTenants(ctx.db, scope.all ? null : scope.tenantIds, q)
  return { items: rows.map(toTenant) }
}

export interface NewTenant {
  code: string
  name: string
  shortName: string
  creditCode?: string | null
}

/** @throws commonProblems.conflict for a code, or a credit code, that is there already */
export async function addTenant(ctx: Ctx, tenant: NewTenant, status: 'PROPOSED' | 'ACTIVE'): Promise<TenantReply> {
  const row = await insertTenant(ctx.db, {
    id: newId(),
    code: tenant.code,
    name: tenant.name,
    short_name: tenant.shortName,
    credit_code: tenant.creditCode ?? null,
    status,
    created_at: ctx.now,
  })
  if (!row) return fail(commonProblems.conflict, { field: 'code' })
  await ctx.record({ kind: 'tenant.created', subject: { type: 'tenant', id: row.id }, tenantId: row.id, after: toTenant(row) })
  return toTenant(row)
}

export const createTenant = (ctx: Ctx, input: Input<typeof identityApi.createTenant>): Promise<TenantReply> =>
  addTenant(ctx, input, 'ACTIVE')
