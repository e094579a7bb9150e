import type { Ctx } from '../../platform/ctx.ts'
import { hasFourGroups } from './meeting.domain.ts'
import { listItems, meetingsHeld } from './meeting.store.ts'

export interface MeetingFigures {
  held: number
  withFourGroups: number
  open: { week: string; text: string; ownerName: string; dueOn: string }[]
}
const LISTED_MAX = 50

/** What a span came to, for the monthly report. */
export async function meetingFigures(ctx: Ctx, { from, to }: { from: Temporal.Instant; to: Temporal.Instant }): Promise<MeetingFigures> {
  const held = await meetingsHeld(ctx.db, from, to)
  const open = await listItems(ctx.db, { open: true, limit: LISTED_MAX })
  return {
    held: held.length,
    withFourGroups: held.filter(({ attendees }) => hasFourGroups(attendees)).length,
    open: open.map((one) => ({ week: one.week, text: one.text, ownerName: one.owner_name, dueOn: one.due_on.toString() })),
  }
}
