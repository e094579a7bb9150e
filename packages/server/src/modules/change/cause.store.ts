import { sql } from 'kysely'
import type { Ctx, Events } from '../../platform/ctx.ts'

/** Changes that were carried out shortly before, on the application or on something it needs: one may be behind what fails now. */
export async function addChangeCauses(ctx: Ctx, asked: Events['incident.causes-asked']): Promise<void> {
  const { rows } = await sql<{ id: string; number: string; title: string; actual_from: Temporal.Instant; ci_ids: string[] }>`
    select id, number, title, actual_from, ci_ids from change_request
    where actual_from >= ${asked.since.CHANGE} and actual_from <= ${asked.beganAt}
      and (${asked.applicationId}::uuid = any(affected_ids) or application_id = ${asked.applicationId}::uuid
        or ci_ids && ${[...asked.needs.keys()]}::uuid[])
    order by actual_from desc limit 20`.execute(ctx.db)
  for (const row of rows) {
    const needed = row.ci_ids.flatMap((id) => asked.needs.get(id) ?? []).sort((a, b) => a.hop - b.hop)[0]
    asked.causes.push({
      kind: 'CHANGE',
      id: row.id,
      label: `${row.number} ${row.title}`,
      link: `/work/changes/${row.id}`,
      at: row.actual_from.toString(),
      minutesBefore: Math.floor((asked.beganAt.epochMilliseconds - row.actual_from.epochMilliseconds) / 60_000),
      through: needed ?? null,
    })
  }
}
