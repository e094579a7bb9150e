import type { Db, Row } from '../../../platform/db.ts'

declare module '../../../platform/db.ts' {
  interface Tables {
    demo_world: DemoWorldTable
  }
}

interface DemoWorldTable {
  id: number
  seed: number
  bureaus: number
  from_on: Temporal.PlainDate
  state: 'FOUNDED' | 'SETTLED' | 'MEASURED' | 'LIVED'
  lived_until: Temporal.Instant
}
export type Chronicle = Row<'demo_world'>

export const readChronicle = (db: Db): Promise<Chronicle | undefined> => db.selectFrom('demo_world').selectAll().executeTakeFirst()

export const openChronicle = (db: Db, chronicle: Omit<Chronicle, 'id'>) =>
  db
    .insertInto('demo_world')
    .values({ id: 1, ...chronicle })
    .execute()

export const writeChronicle = (db: Db, change: Partial<Pick<Chronicle, 'state' | 'lived_until'>>) =>
  db.updateTable('demo_world').set(change).execute()
