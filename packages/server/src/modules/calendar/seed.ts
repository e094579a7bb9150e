import type { Ctx } from '../../platform/ctx.ts'
import { dayRows, lockCalendar, saveDays, saveYear, yearRow } from './calendar.store.ts'
import type { YearOfDays } from './domain/calendar.ts'
import { readShippedYears } from './years.ts'

/**
 * Brings the shipped years into the database: those it has not, and those that were provisional there and are announced in this release.
 * What people entered is never overwritten. Safe to run in several processes at a time.
 */
export async function seedCalendar(ctx: Ctx): Promise<{ added: number[] }> {
  const { source, years } = readShippedYears()
  const wanted: YearOfDays[] = []
  for (const year of years) {
    const row = await yearRow(ctx.db, year.year)
    if (!row || (row.status === 'PROVISIONAL' && year.status === 'PUBLISHED')) wanted.push(year)
  }
  if (wanted.length === 0) return { added: [] }

  await lockCalendar(ctx.db)
  const added: number[] = []
  for (const { year, status, publishedDoc, days } of wanted) {
    const row = await yearRow(ctx.db, year)
    // another process was faster
    if (row && (row.status === 'PUBLISHED' || status === 'PROVISIONAL')) continue
    const editedDays = new Set(
      (await dayRows(ctx.db, year)).filter((one) => one.changed_by_name !== null).map((one) => one.on_day.toString()),
    )
    const publishedAt = status === 'PUBLISHED' ? ctx.now : null
    await saveYear(ctx.db, { year, status, published_doc: publishedDoc, source, published_at: publishedAt })
    await saveDays(
      ctx.db,
      days
        .filter((day) => !editedDays.has(day.on))
        .map((day) => ({
          on_day: Temporal.PlainDate.from(day.on),
          year,
          kind: day.kind,
          name: day.name,
          name_en: day.nameEn ?? null,
          published_doc: day.publishedDoc ?? null,
          source,
          changed_by_name: null,
          approved_by_name: null,
        })),
    )
    added.push(year)
    if (row) await ctx.publish('calendar.changed', { year, from: `${year}-01-01`, to: `${year}-12-31`, publishes: true })
  }
  if (added.length > 0)
    await ctx.record({ kind: 'calendar.seeded', subject: { type: 'calendar', id: 'years' }, data: { source, years: added } })
  return { added }
}
