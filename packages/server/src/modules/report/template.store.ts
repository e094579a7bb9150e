import type { Db, NewRow, Row } from '../../platform/db.ts'

interface TemplateTable {
  id: string
  source: 'PLAN' | 'UPLOAD'
  bytes: Buffer
  digest: string
  digest_algorithm: 'SHA-256'
  by_id: string | null
  by_name: string
  at: Temporal.Instant
  approved_by_name: string | null
  approved_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    report_template: TemplateTable
  }
}
export type TemplateRow = Row<'report_template'>

const plain = ['id', 'source', 'digest', 'digest_algorithm', 'by_id', 'by_name', 'at', 'approved_by_name', 'approved_at'] as const

/** Newest first, without their bytes; at most 200. */
export const listTemplates = (db: Db): Promise<Omit<TemplateRow, 'bytes'>[]> =>
  db.selectFrom('report_template').select(plain).orderBy('at', 'desc').orderBy('id', 'desc').limit(200).execute()
/** The one approved last. */
export const templateInForce = (db: Db): Promise<Pick<TemplateRow, 'id' | 'bytes' | 'digest'> | undefined> =>
  db
    .selectFrom('report_template')
    .select(['id', 'bytes', 'digest'])
    .where('approved_at', 'is not', null)
    .orderBy('approved_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
export const findTemplate = (db: Db, id: string): Promise<Omit<TemplateRow, 'bytes'> | undefined> =>
  db.selectFrom('report_template').select(plain).where('id', '=', id).forUpdate().executeTakeFirst()
export const insertTemplate = async (db: Db, row: NewRow<'report_template'>): Promise<void> =>
  void (await db
    .insertInto('report_template')
    .values(row)
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute())
export const approveTemplate = async (db: Db, id: string, byName: string, at: Temporal.Instant): Promise<void> =>
  void (await db.updateTable('report_template').set({ approved_by_name: byName, approved_at: at }).where('id', '=', id).execute())
