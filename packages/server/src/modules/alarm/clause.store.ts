import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { AlarmRow } from './alarm.store.ts'

/** Alarms of a topic that began to fire within a span and were not only an echo of another one. Served by alarm_topic. */
export async function firedOfTopic(db: Db, topic: string, from: Temporal.Instant, to: Temporal.Instant): Promise<AlarmRow[]> {
  const { rows } = await sql<AlarmRow>`
    select * from alarm where topic = ${topic} and fired_at >= ${from} and fired_at < ${to} and root_id is null and close_reason is distinct from 'NEVER_FIRED'
    order by fired_at limit 20000`.execute(db)
  return rows
}
/** Which objects reported which metrics at an instant, in the stretch that runs or in one that is over: begun before it and heard of up to a while before it. */
export async function reportedAt(db: Db, at: Temporal.Instant, fresh: Temporal.Instant): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select object_id || ' ' || metric as key from alarm_reading where object_id is not null and first_at <= ${at} and last_at >= ${fresh}
    union all select object_id || ' ' || metric from alarm_reported where until_at >= ${fresh} and from_at <= ${at}`.execute(db)
  return new Set(rows.map(({ key }) => key))
}
