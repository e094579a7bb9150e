import type { Ctx } from '../../platform/ctx.ts'
import { findReport, versionOf } from './report.store.ts'

/** The frozen reports of a year as they were signed, byte for byte, for the yearly package. */
export async function archivedReports(ctx: Ctx, year: number): Promise<{ name: string; bytes: Buffer }[]> {
  const found = []
  for (let n = 1; n <= 12; n += 1) {
    const month = `${year}-${String(n).padStart(2, '0')}`
    const row = await findReport(ctx.db, month)
    const version =
      row && (row.status === 'APPROVED' || row.status === 'PRESENTED') ? await versionOf(ctx.db, row.id, row.version) : undefined
    if (version) found.push({ name: `月报/${month}.json`, bytes: Buffer.from(version.content, 'utf8') })
  }
  return found
}
