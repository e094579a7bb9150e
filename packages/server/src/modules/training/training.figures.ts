import type { Ctx } from '../../platform/ctx.ts'
import { passesBetween, peopleOf, trainingsHeld } from './training.store.ts'

/** What a span came to, for the monthly report. */
export async function trainingFigures(
  ctx: Ctx,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<{ sessions: { label: string; course: string; venue: string; signedIn: number }[]; passed: number }> {
  const rows = await trainingsHeld(ctx.db, from, to)
  const people = await peopleOf(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return {
    sessions: rows.map((row) => ({
      label: `${row.year}-${row.seq}`,
      course: row.course,
      venue: row.venue,
      signedIn: people.filter((one) => one.training_id === row.id && one.signed_in_at).length,
    })),
    passed: (await passesBetween(ctx.db, from, to)).length,
  }
}
