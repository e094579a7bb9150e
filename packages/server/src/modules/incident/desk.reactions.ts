import type { Criterion, IncidentSource, IncidentStatus } from '@changbai/contract/incident.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { blindIndexesOf } from '../../platform/sealed-columns.ts'
import { addEvents } from './history.service.ts'
import { addIncident, completeStep, recordOf } from './incident.service.ts'
import { findByNumber, findIncident, lockIncident, openIdsOf } from './incident.store.ts'

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
  for (const { id, number, title, status } of await openIdsOf(ctx.db, {
    ...asked,
    phoneIndexes: blindIndexesOf(ctx.crypto.ring, 'phone', asked.phone),
  }))
    asked.matters.push({ id, number, title, status, link: `/duty/incidents/${id}` })
}

/** What a reporter writes afterwards belongs to the history; a closed incident is not written on, the desk looks at the letter. */
export const keepIncidentReply: Reaction<'desk.mail-replied'> = async (ctx, mail) => {
  const found = mail.incidentId
    ? await findIncident(ctx.db, mail.incidentId)
    : mail.number?.startsWith('GZ-')
      ? await findByNumber(ctx.db, mail.number)
      : undefined
  if (!found || mail.kept) return
  const theirs =
    found.id === mail.incidentId || found.reporter_id === mail.personId || (mail.tenantId !== null && found.tenant_id === mail.tenantId)
  const row = theirs ? await lockIncident(ctx.db, found.id) : undefined
  if (!row || row.status === 'CLOSED') return
  await addEvents(ctx, row.id, [{ kind: 'LOG', text: `${mail.fromName} 来信：${mail.text}`.slice(0, 4000) }])
  await recordOf(ctx, row, 'log', { mail: true })
  mail.kept = { incidentId: row.id, serviceRequestId: null, number: row.number }
}
