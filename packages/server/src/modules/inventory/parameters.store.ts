import type { BaseParameters } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    base_parameters: {
      version: number
      parameters: BaseParameters | string
      reason: string
      by_person_id: string | null
      by_name: string
      at: Temporal.Instant
    }
  }
}

/** Writers wait for one another, so that no two make the same version. */
export const lockParameters = (db: Db) => sql`lock table base_parameters in share row exclusive mode`.execute(db)

export const parametersInForce = (db: Db): Promise<Row<'base_parameters'> | undefined> =>
  db.selectFrom('base_parameters').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()

export const parametersOf = (db: Db, version: number): Promise<Row<'base_parameters'> | undefined> =>
  db.selectFrom('base_parameters').selectAll().where('version', '=', version).executeTakeFirst()

export async function parameterVersions(db: Db, below: number | undefined, limit: number): Promise<Row<'base_parameters'>[]> {
  let query = db.selectFrom('base_parameters').selectAll()
  if (below !== undefined) query = query.where('version', '<', below)
  return query.orderBy('version', 'desc').limit(limit).execute()
}

export const insertParameters = (
  db: Db,
  row: { version: number; parameters: BaseParameters; reason: string; byPersonId: string | null; byName: string; at: Temporal.Instant },
) =>
  db
    .insertInto('base_parameters')
    .values({
      version: row.version,
      parameters: JSON.stringify(row.parameters),
      reason: row.reason,
      by_person_id: row.byPersonId,
      by_name: row.byName,
      at: row.at,
    })
    .execute()
