import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

export interface NoticeProof {
  noticeId: string
  personId: string
  ackAt: string | null
  channels: { channel: string; state: string; deliveredAt: string | null }[]
}
interface ProofRow {
  notice_id: string
  person_id: string
  ack_at: Temporal.Instant | null
  channels: { channel: string; state: string; deliveredAt: string | null }[]
}
const utc = (at: string | null): string | null => at && Temporal.Instant.from(at).toString()

/** That people were told: by which ways it went out and arrived, and when they said that they know. */
export async function proofOf(ctx: Ctx, noticeIds: readonly string[]): Promise<NoticeProof[]> {
  if (noticeIds.length === 0) return []
  const { rows } = await sql<ProofRow>`
    select r.notice_id, r.person_id, r.ack_at,
      coalesce((select jsonb_agg(jsonb_build_object('channel', d.channel, 'state', d.state, 'deliveredAt', d.delivered_at) order by d.created_at, d.id)
        from notice_delivery d where d.notice_id = r.notice_id and d.person_id = r.person_id), '[]'::jsonb) as channels
    from notice_recipient r where r.notice_id = any(${noticeIds}::uuid[]) order by r.person_id`.execute(ctx.db)
  return rows.map((row) => ({
    noticeId: row.notice_id,
    personId: row.person_id,
    ackAt: row.ack_at?.toString() ?? null,
    channels: row.channels.map((one) => ({ ...one, deliveredAt: utc(one.deliveredAt) })),
  }))
}
