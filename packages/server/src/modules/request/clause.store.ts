import type { Db } from '../../platform/db.ts'
import type { ClauseSpan } from '../plan/index.ts'

/** Requests handed in during the span, with the admission each stands on. Served by index request_handed_in. */
export const requestsHandedIn = (db: Db, { from, to }: ClauseSpan) =>
  db
    .selectFrom('request')
    .select([
      'id',
      'number',
      'kind',
      'tenant_id',
      'application_id',
      'admission_id',
      'admission_no',
      'form_id',
      'catalog_id',
      'instance_id',
      'submitted_at',
    ])
    .where('submitted_at', '>=', from)
    .where('submitted_at', '<', to)
    .orderBy('submitted_at')
    .execute()
