import type { LifeMatter } from '@changbai/contract/lifecycle.ts'
import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

/** Migrations of an application that were handed in, oldest first. No permission is asked: the caller has decided. */
export async function migrationsInLife(ctx: Ctx, applicationId: string): Promise<LifeMatter[]> {
  const { rows } = await sql<{ id: string; number: string; direction: string; status: string; at: Temporal.Instant }>`
    select id, number, direction, status, coalesce(closed_at, submitted_at) as at from migration
    where application_id = ${applicationId} and submitted_at is not null order by at, id limit 200`.execute(ctx.db)
  return rows.map(({ id, number, direction, status, at }) => ({
    stage: 'MOVED',
    at: at.toString(),
    id,
    number,
    title: direction,
    status,
    to: `/work/migrations/${id}`,
    amounts: null,
  }))
}
