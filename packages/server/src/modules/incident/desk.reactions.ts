import type { Criterion, IncidentSource, IncidentStatus } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { addIncident, completeStep } from './incident.service.ts'
import { findIncident, openIdsOf } from './incident.store.ts'

interface FaultCalled {
  title: string
  symptom: string
  criteria: Criterion[]
  source: IncidentSource
  tenantId: string | null
  applicationId: string | null
  reporterId: string | null
  reporterName: string
  reporterPhone: string
  reportedAt: Temporal.Instant
  answeredAt: Temporal.Instant | null
  opened: { id: string; number: string } | null
}

/** A call about a fault is an incident at once; who spoke with the caller has responded (reading 8.7). */
export async function openFromCall(ctx: Ctx, call: FaultCalled): Promise<void> {
  const { answeredAt, opened: _, ...input } = call
  const { id, number } = await addIncident(ctx, { ...input, detectedAt: null, isSecurity: false })
  const row = await findIncident(ctx.db, id)
  if (answeredAt && row) {
    const data = { channel: 'PHONE', note: '热线通话中已与报障人联系', at: answeredAt.toString() }
    await completeStep(ctx, row, 'respondIncident', 'RESPONDED', data)
  }
  call.opened = { id, number }
}

interface MattersAsked {
  phone: string
  tenantId: string | null
  matters: { id: string; number: string; title: string; status: IncidentStatus; link: string }[]
}
export async function addOpenMatters(ctx: Ctx, asked: MattersAsked): Promise<void> {
  for (const { id, number, title, status } of await openIdsOf(ctx.db, asked))
    asked.matters.push({ id, number, title, status, link: `/duty/incidents/${id}` })
}
