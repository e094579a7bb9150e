import { sql } from 'kysely'
import type { Db, NewRow } from '../../platform/db.ts'

interface ReturnedTable {
  line_id: string
  /** A `#` and a number behind it: made smaller, not gone. */
  part: string
  vcpu: number
  mem_gib: number
  storage_gib: number
  public_addresses: number
  baremetal: number
  returned_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    returned_part: ReturnedTable
  }
}
export interface ReturnedSum {
  parts: number
  machines: number
  disks: number
  vcpu: number
  memGiB: number
  storageGiB: number
  publicAddresses: number
  baremetal: number
}

/** @returns false when it was given back before */
export async function insertReturned(db: Db, row: NewRow<'returned_part'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('returned_part')
    .values(row)
    .onConflict((conflict) => conflict.columns(['line_id', 'part']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

const sums = sql`
  count(*)::int as parts, count(*) filter (where r.vcpu > 0 and position('#' in r.part) = 0)::int as machines, count(*) filter (where r.vcpu = 0 and r.baremetal = 0)::int as disks,
  coalesce(sum(r.vcpu), 0)::int as vcpu, coalesce(sum(r.mem_gib), 0)::int as "memGiB", coalesce(sum(r.storage_gib), 0)::int as "storageGiB",
  coalesce(sum(r.public_addresses), 0)::int as "publicAddresses", coalesce(sum(r.baremetal), 0)::int as baremetal`

/** What was given back of these lines. */
export async function returnedOfLines(db: Db, lineIds: readonly string[]): Promise<ReturnedSum> {
  const { rows } = await sql<ReturnedSum>`select ${sums} from returned_part r where r.line_id = any (${[...lineIds]}::uuid[])`.execute(db)
  return rows[0] as ReturnedSum
}

/** What was given back of everything an application was delivered. */
export async function returnedOfApplication(db: Db, applicationId: string): Promise<ReturnedSum> {
  const { rows } = await sql<ReturnedSum>`
    select ${sums} from returned_part r join work_order_line l on l.id = r.line_id join work_order o on o.id = l.work_order_id
    where o.application_id = ${applicationId}`.execute(db)
  return rows[0] as ReturnedSum
}

export async function orderOfLine(db: Db, lineId: string): Promise<{ requestId: string; applicationId: string } | undefined> {
  const { rows } = await sql<{ requestId: string; applicationId: string }>`
    select o.request_id as "requestId", o.application_id as "applicationId" from work_order_line l join work_order o on o.id = l.work_order_id
    where l.id = ${lineId}`.execute(db)
  return rows[0]
}
