import type { DraftContent } from '@changbai/contract/forms.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { KeptAttachment } from './form.store.ts'

/** The paper as it was first handed in: content, attached fields and the digest kept with them. */
export interface HandedIn {
  form_id: string
  version: number
  content: DraftContent
  attachments: KeptAttachment[]
}

/** The first version of each form that is more than a check-point. */
export async function formsHandedIn(db: Db, formIds: readonly string[]): Promise<HandedIn[]> {
  if (formIds.length === 0) return []
  const { rows } = await sql<HandedIn>`
    select distinct on (form_id) form_id, version, content, attachments from form_version
    where form_id = any(${formIds}) and reason <> 'CHECKPOINT' order by form_id, version`.execute(db)
  return rows
}

/** When each of these admissions was granted; a number is given then and never before. */
export async function grantedAt(db: Db, ids: readonly string[]): Promise<Map<string, Temporal.Instant>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('admission')
    .select(['id', 'decided_at'])
    .where('id', 'in', ids)
    .where('admission_no', 'is not', null)
    .execute()
  return new Map(rows.flatMap((row) => (row.decided_at ? [[row.id, row.decided_at] as const] : [])))
}
