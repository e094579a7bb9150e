import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { incidentBriefs, readActions, readPostmortems, readSolutions } from '../incident/index.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { recurrencesBetween } from './problem.store.ts'

/** A cause that came back was not prevented: none is allowed, so each is a breach from the moment it began. @clause 5.8-5 */
async function readRecurrences(ctx: Ctx, { from, to }: ClauseSpan): Promise<Obligation[]> {
  const links = await recurrencesBetween(ctx.db, from, to)
  const briefs = new Map(
    (
      await incidentBriefs(
        ctx,
        links.map((one) => one.incident_id),
      )
    ).map((one) => [one.id, one]),
  )
  return links.map((link) => {
    const brief = briefs.get(link.incident_id)
    const at = link.began_at.toString()
    return obligation({
      id: `recurrence:${link.incident_id}`,
      subject: { type: 'problem', id: link.problem_id, label: `${brief?.number ?? ''} · 复发` },
      tenantId: brief?.tenantId ?? null,
      applicationId: brief?.applicationId ?? null,
      dueAt: at,
      doneAt: at,
      kept: false,
      evidence: [
        { type: 'problem', id: link.problem_id },
        { type: 'incident', id: link.incident_id },
      ],
    })
  })
}

/** Analyses, what was promised in them, and that it did not come back; and the work of the maintenance engineers. */
export const problemClauses: readonly ClauseSource[] = [
  {
    of: 'postmortem',
    meter: 'deadline-met',
    read: async (ctx, span) => [
      ...(await readPostmortems(ctx, span)),
      ...(await readActions(ctx, span)),
      ...(await readRecurrences(ctx, span)),
    ],
  },
  {
    of: 'maintenance-work',
    meter: 'deadline-met',
    read: async (ctx, span) => [...(await readSolutions(ctx, span)), ...(await readActions(ctx, span))],
  },
]
