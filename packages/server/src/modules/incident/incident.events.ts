import type { IncidentSource, Severity } from '@changbai/contract/incident.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'incident.broadcast': { incidentId: string; text: string }
    /** I or II for the first time: the leader is told at once, the customer informed. */
    'incident.major': { incidentId: string; severity: Severity }
    'incident.resolved': { incidentId: string; tenantId: string | null; applicationId: string | null; resolvedAt: Temporal.Instant }
    'incident.reopened': { incidentId: string; reason: string }
    'incident.closed': { incidentId: string; number: string; severity: Severity; source: IncidentSource; mergedIntoId: string | null }
    'incident.level-asked': { incidentId: string; to: Severity; reason: string }
  }
}
