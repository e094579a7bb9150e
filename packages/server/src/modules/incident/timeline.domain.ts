import type { IncidentEventKind, IncidentTimeline } from '@changbai/contract/incident.ts'

interface Line {
  id: string
  kind: IncidentEventKind
  at: Temporal.Instant
  was_at: Temporal.Instant | null
  by_id: string | null
  by_name: string
  text: string
}
/** The paper's own course is no part of what happened. */
const PAPERS: ReadonlySet<IncidentEventKind> = new Set(['REPORT', 'POSTMORTEM', 'APPROVED', 'RATED', 'CLOSED'])

/** What the post-mortem tells, assembled from the history and from nothing else. @clause 5.8-5 */
export const timelineItems = (events: readonly Line[]): IncidentTimeline['items'] =>
  events
    .filter(({ kind }) => !PAPERS.has(kind))
    .map((one) => ({
      at: one.at.toString(),
      kind: one.kind,
      text: one.text,
      actor: one.by_id === null ? '' : one.by_name,
      wasAt: one.was_at?.toString() ?? null,
      eventId: one.id,
    }))
