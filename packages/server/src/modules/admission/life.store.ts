import type { LifeMatter } from '@changbai/contract/lifecycle.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

/** Admissions of an application, oldest first, and the last day of those that wait to be used. No permission is asked: the caller has decided. */
export async function admissionsInLife(ctx: Ctx, applicationId: string): Promise<(LifeMatter & { validUntil: string | null })[]> {
  const { rows } = await sql<{
    id: string
    number: string
    app_name: string
    status: string
    at: Temporal.Instant
    valid_until: Temporal.PlainDate | null
    used_at: Temporal.Instant | null
  }>`
    select id, coalesce(admission_no, number) as number, app_name, status, coalesce(decided_at, submitted_at, created_at) as at, valid_until, used_at
    from admission where application_id = ${applicationId} order by at, id limit 200`.execute(ctx.db)
  return rows.map((row) => ({
    stage: 'ADMITTED',
    at: row.at.toString(),
    id: row.id,
    number: row.number,
    title: row.app_name,
    status: row.status,
    to: `/work/admissions/${row.id}`,
    amounts: null,
    validUntil: row.used_at === null && row.status === 'APPROVED' ? (row.valid_until?.toString() ?? null) : null,
  }))
}
