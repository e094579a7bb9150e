import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { listAdmissions } from './admission.store.ts'

/** Admissions by number, application, code, applicant or admission number, the last changed first. */
export const searchAdmissions: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'admission.read', 'R') && !actorCan(ctx.actor, 'admission.read', 'r')) return []
  const rows = await listAdmissions(ctx.db, { q }, scopeOf(ctx.actor, 'admission.read', 'R', 'r'), '-updatedAt', undefined, limit - 1)
  return rows.map((row) => ({
    id: row.id,
    title: row.app_name,
    note: [row.number, row.admission_no].filter(Boolean).join(' · '),
    tenantId: row.tenant_id,
  }))
}
