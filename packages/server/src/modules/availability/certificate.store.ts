import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

interface CertificateTable {
  probe_id: string
  application_id: string
  until_at: Temporal.Instant
  seen_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    probe_certificate: CertificateTable
  }
}

export interface SeenCertificate {
  applicationId: string
  untilMs: number
}
/** What is as it was is written down again once an hour only: probes say it every few seconds. */
export async function saveCertificates(db: Db, probeId: string, seen: readonly SeenCertificate[], at: Temporal.Instant): Promise<void> {
  if (seen.length === 0) return
  const rows = seen.map(({ applicationId, untilMs }) => ({
    application_id: applicationId,
    until_at: Temporal.Instant.fromEpochMilliseconds(untilMs).toString(),
  }))
  await sql`
    insert into probe_certificate (probe_id, application_id, until_at, seen_at)
    select ${probeId}, r.application_id, r.until_at, ${at} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(application_id uuid, until_at timestamptz)
    on conflict (probe_id, application_id) do update set until_at = excluded.until_at, seen_at = excluded.seen_at
    where probe_certificate.until_at <> excluded.until_at or probe_certificate.seen_at < excluded.seen_at - interval '1 hour'`.execute(db)
}
/** The earliest end each application's probes have seen since an instant; one probe may stand behind a proxy of its own, so the worst counts. */
export async function certificatesSince(db: Db, since: Temporal.Instant): Promise<SeenCertificate[]> {
  const { rows } = await sql<{ application_id: string; until_at: Temporal.Instant }>`
    select application_id, min(until_at) as until_at from probe_certificate where seen_at >= ${since} group by application_id order by 1`.execute(
    db,
  )
  return rows.map((row) => ({ applicationId: row.application_id, untilMs: row.until_at.epochMilliseconds }))
}
