import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Open alarms of things, the gravest level of each and how many: what is only suspected is not shown. */
export async function openByObject(db: Db, ids: readonly string[]): Promise<Map<string, { level: AlarmLevel; alarms: number }>> {
  const { rows } = await sql<{ id: string; level: AlarmLevel; alarms: number }>`
    select object_id as id, min(level) as level, count(*)::int as alarms from alarm
    where state in ('FIRING', 'RECOVERING') and object_id = any(${ids}::uuid[]) group by object_id`.execute(db)
  return new Map(rows.map(({ id, level, alarms }) => [id, { level, alarms }]))
}
/** The highest of what a thing's parts report of a metric, since an instant. */
export async function highestReading(
  db: Db,
  metrics: readonly string[],
  ids: readonly string[],
  since: Temporal.Instant,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; value: number }>`
    select object_id || ' ' || metric as key, max(value) as value from alarm_reading
    where metric = any(${metrics}::text[]) and object_id = any(${ids}::uuid[]) and last_at >= ${since} group by 1`.execute(db)
  return new Map(rows.map(({ key, value }) => [key, value]))
}
