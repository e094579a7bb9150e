import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { type ClauseSource, obligation } from '../plan/index.ts'
import { anyBefore, anyPaperBefore, coordinationDue, guidanceBetween, papersSent, signaturesBetween } from './document.store.ts'

/** @clause 3.2.2-(1) 3.2.2-(2) 3.2.2-(4) 5.1-2 */
export const documentClauses: readonly ClauseSource[] = [
  {
    of: 'guidance',
    meter: 'rhythm',
    events: async (ctx, span) =>
      (await guidanceBetween(ctx.db, span)).map((row) => ({ at: row.at.toString(), type: 'guidance', id: row.id, valid: true })),
    begun: (ctx, before) => anyBefore(ctx.db, 'guidance', before),
  },
  {
    of: 'board-signed',
    meter: 'rhythm',
    events: async (ctx, span) =>
      (await signaturesBetween(ctx.db, span)).map((row) => ({
        at: row.at.toString(),
        type: 'operations-board',
        id: row.week,
        valid: true,
      })),
    begun: (ctx, before) => anyBefore(ctx.db, 'board_signature', before),
  },
  {
    of: 'coordination',
    meter: 'deadline-met',
    async read(ctx: Ctx, span) {
      const rows = await coordinationDue(ctx.db, shanghaiDay(span.from), shanghaiDay(span.to))
      return rows.map((row) =>
        obligation({
          id: `coordination:${row.id}`,
          subject: { type: 'coordination', id: row.id, label: `${row.number} ${row.title}` },
          startedAt: row.opened_at.toString(),
          // until the end of its day
          dueAt: row.due_on.add({ days: 1 }).toZonedDateTime('Asia/Shanghai').toInstant().toString(),
          doneAt: row.closed_at?.toString() ?? null,
          evidence: [{ type: 'coordination', id: row.id }],
        }),
      )
    },
  },
  {
    of: 'planning-paper',
    meter: 'rhythm',
    events: async (ctx, span) =>
      (await papersSent(ctx.db, span)).map((row) => ({ at: String(row.sent_at), type: 'planning-paper', id: row.id, valid: true })),
    begun: (ctx, before) => anyPaperBefore(ctx.db, before),
  },
]
