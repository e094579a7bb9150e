import type { ProblemDetail, ProblemSummary } from '@changbai/contract/known-problem.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { personNames } from '../identity/index.ts'
import { type ActionBrief, incidentBriefs, preventiveActionsOf } from '../incident/index.ts'
import { stepsFrom } from './problem.domain.ts'
import { type LinkRow, linksOf, type ProblemRow, problemEvents } from './problem.store.ts'

const toSummary = (
  row: ProblemRow,
  links: readonly LinkRow[],
  actions: readonly ActionBrief[],
  names: Map<string, string>,
): ProblemSummary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  nature: row.nature as ProblemSummary['nature'],
  state: row.state,
  ownerName: row.owner_id ? (names.get(row.owner_id) ?? '') : null,
  incidents: links.length,
  recurrences: links.filter((one) => one.recurred).length,
  openActions: actions.filter((one) => one.state !== 'VERIFIED').length,
  openedAt: row.created_at.toString(),
  resolvedAt: row.resolved_at?.toString() ?? null,
})

/** Several at once: links, actions and names are read once for all. */
export async function toSummaries(ctx: Ctx, rows: readonly ProblemRow[]): Promise<ProblemSummary[]> {
  const ids = rows.map((row) => row.id)
  const links = await linksOf(ctx.db, ids)
  const actions = await preventiveActionsOf(
    ctx,
    links.map((one) => one.incident_id),
  )
  const names = await personNames(ctx, [...new Set(rows.flatMap((row) => row.owner_id ?? []))])
  return rows.map((row) => {
    const own = links.filter((one) => one.problem_id === row.id)
    const incidents = new Set(own.map((one) => one.incident_id))
    return toSummary(
      row,
      own,
      actions.filter((one) => incidents.has(one.incidentId)),
      names,
    )
  })
}

function mayNow(ctx: Ctx, row: ProblemRow, openActions: number): ProblemDetail['may'] {
  if (!actorCan(ctx.actor, 'problem.manage', 'U')) return []
  const open = row.state !== 'CLOSED'
  const steps = stepsFrom(row.state).filter(
    (step) =>
      step !== 'CLOSE' || (actorCan(ctx.actor, 'problem.manage', 'A') && row.resolved_by !== ctx.actor.personId && openActions === 0),
  )
  return [...(open ? (['CHANGE', 'LINK'] as const) : []), ...steps]
}

export async function toDetail(ctx: Ctx, row: ProblemRow): Promise<ProblemDetail> {
  const links = await linksOf(ctx.db, [row.id])
  const incidentIds = links.map((one) => one.incident_id)
  const briefs = new Map((await incidentBriefs(ctx, incidentIds)).map((one) => [one.id, one]))
  const actions = await preventiveActionsOf(ctx, incidentIds)
  const names = await personNames(ctx, row.owner_id ? [row.owner_id] : [])
  const summary = toSummary(row, links, actions, names)
  return {
    ...summary,
    description: row.description,
    rootCause: row.root_cause,
    workaround: row.workaround,
    solution: row.solution,
    ownerId: row.owner_id,
    closedAt: row.closed_at?.toString() ?? null,
    linkedIncidents: links.flatMap((link) => {
      const brief = briefs.get(link.incident_id)
      if (!brief) return []
      const { id, number, title, severity, status } = brief
      return [
        { id, number, title, severity, status, beganAt: link.began_at.toString(), recurred: link.recurred, afterDays: link.after_days },
      ]
    }),
    actions: actions.map(({ isOverdue: _, ...one }) => one),
    events: (await problemEvents(ctx.db, row.id)).map((one) => ({
      id: one.id,
      kind: one.kind,
      at: one.at.toString(),
      byName: one.by_name,
      text: one.text,
    })),
    may: mayNow(ctx, row, summary.openActions),
  }
}
