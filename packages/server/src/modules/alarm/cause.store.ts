import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'

interface Asked {
  applicationId: string
  beganAt: Temporal.Instant
  since: { ALARM: Temporal.Instant }
  needs: ReadonlyMap<string, { name: string; hop: number }>
  causes: {
    kind: 'CHANGE' | 'ALARM' | 'INCIDENT'
    id: string
    label: string
    link: string
    at: string
    minutesBefore: number
    through: { name: string; hop: number } | null
  }[]
}
/** Alarms that began shortly before, of the application or of something it needs. */
export async function addAlarmCauses(ctx: Ctx, asked: Asked): Promise<void> {
  const { rows } = await sql<{
    id: string
    title: { zh: string }
    object_id: string | null
    object_name: string
    since_at: Temporal.Instant
  }>`
    select id, title, object_id, object_name, since_at from alarm
    where since_at >= ${asked.since.ALARM} and since_at <= ${asked.beganAt} and fired_at is not null
      and (application_id = ${asked.applicationId}::uuid or object_id = any(${[...asked.needs.keys()]}::uuid[]))
    order by since_at desc limit 20`.execute(ctx.db)
  for (const row of rows)
    asked.causes.push({
      kind: 'ALARM',
      id: row.id,
      label: `${row.object_name} · ${row.title.zh}`,
      link: `/duty/alarms/${row.id}`,
      at: row.since_at.toString(),
      minutesBefore: Math.floor((asked.beganAt.epochMilliseconds - row.since_at.epochMilliseconds) / 60_000),
      through: row.object_id ? (asked.needs.get(row.object_id) ?? null) : null,
    })
}
