import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { contentKept, hasFourGroups, isRestWeek } from './meeting.domain.ts'
import { acksOf, anyMeetingBefore, type MeetingRow, meetingsDue, meetingsHeld } from './meeting.store.ts'

const weekly = (of: string, counts: (row: MeetingRow) => boolean): ClauseSource => ({
  of,
  meter: 'rhythm',
  events: async (ctx, { from, to }) =>
    (await meetingsHeld(ctx.db, from, to)).map((row) => ({ at: String(row.held_at), type: 'meeting', id: row.id, valid: counts(row) })),
  begun: (ctx, before) => anyMeetingBefore(ctx.db, before),
  async exempt(ctx, { from }) {
    const calendar = await loadCalendar(ctx)
    return isRestWeek(shanghaiDay(Temporal.Instant.from(from)), (on) => calendar.isWorkday(on))
  },
})

const dueOf =
  (of: string, kept: (row: MeetingRow, customerSigned: boolean) => boolean | null) =>
  async (ctx: Ctx, { from, to }: ClauseSpan) => {
    const rows = await meetingsDue(ctx.db, from, to)
    const acks = await acksOf(
      ctx.db,
      rows.map(({ id }) => id),
    )
    return rows.map((row) =>
      obligation({
        id: `${of}:${row.week}`,
        subject: { type: 'meeting', id: row.id, label: row.week },
        startedAt: String(row.held_at),
        dueAt: String(row.archive_due_at),
        doneAt: row.archived_at?.toString() ?? null,
        kept: kept(
          row,
          acks.some((one) => one.meeting_id === row.id && one.group === 'CUSTOMER'),
        ),
        evidence: [{ type: 'meeting', id: row.id }],
      }),
    )
  }

/** @clause 5.6-1 5.6-2 5.6-3 3.2.2-(3) */
export const meetingClauses: readonly ClauseSource[] = [
  weekly('weekly-meeting', (row) => hasFourGroups(row.attendees)),
  // only the operation manager prepares one, so each that was held was led
  weekly('meeting-led', () => true),
  {
    of: 'meeting-content',
    meter: 'complete',
    read: dueOf('meeting-content', (row, signed) =>
      contentKept(
        {
          heldAt: row.held_at,
          attendees: row.attendees,
          majorEvents: row.major_events,
          noneDeclared: row.none_declared,
          nextPlans: row.next_plans,
        },
        signed,
      ),
    ),
  },
  { of: 'minutes-archived', meter: 'deadline-met', read: dueOf('minutes-archived', () => null) },
]
