import { z } from 'zod'
import { day, instant } from './endpoint.ts'
import { credentialBrief } from './provisioning.credentials.ts'
import { environment, who, workOrderKind, workOrderStatus } from './provisioning.kinds.ts'
import { clock, workOrderLine } from './provisioning.lines.ts'

export const workOrderBrief = z.object({
  id: z.uuid(),
  no: z.string(),
  kind: workOrderKind,
  status: workOrderStatus,
  requestId: z.uuid(),
  requestNo: z.string(),
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  env: environment,
  lines: z.int(),
  linesReady: z.int(),
  clock,
  instanceId: z.uuid().nullable(),
})
export type WorkOrderBrief = z.output<typeof workOrderBrief>

export const launchSignature = z.object({
  party: z.enum(['APPLICATION', 'PROVIDER', 'CUSTOMER']),
  by: who,
  at: instant,
  comment: z.string(),
})

export const workOrder = workOrderBrief.extend({
  rev: z.int(),
  connection: z.object({ id: z.uuid().nullable(), name: z.string(), driver: z.string() }).nullable(),
  parentId: z.uuid().nullable(),
  items: z.array(workOrderLine),
  returns: z.array(z.object({ at: instant, by: who, reason: z.string(), attribution: z.enum(['APPLICATION', 'PROVIDER', 'CUSTOMER']) })),
  holds: z.array(
    z.object({
      id: z.uuid(),
      reason: z.string(),
      proposedBy: who,
      proposedAt: instant,
      state: z.enum(['PROPOSED', 'HELD', 'REFUSED', 'ENDED', 'LAPSED']),
      decidedBy: who.nullable(),
      decidedAt: instant.nullable(),
      endedAt: instant.nullable(),
    }),
  ),
  selfCheck: z
    .object({
      by: who,
      at: instant,
      items: z.array(z.object({ lineId: z.uuid(), key: z.string(), ok: z.boolean(), expected: z.string(), found: z.string() })),
    })
    .nullable(),
  notifiedAt: instant.nullable(),
  credentials: z.array(credentialBrief),
  share: z
    .object({ sharedAt: instant, dueAt: instant, ackAt: instant.nullable(), ackBy: who.nullable(), documents: z.array(z.string()) })
    .nullable(),
  acceptance: z.object({ result: z.enum(['ACCEPTED', 'OBJECTED', 'DEFAULT']), by: who, at: instant, comment: z.string() }).nullable(),
  /** The confirmation of the start-up test by the three parties. */
  launchTest: z.object({ signatures: z.array(launchSignature), completeAt: instant.nullable() }),
  trial: z.object({ from: day, until: day, endedAt: instant.nullable(), endedBy: who.nullable() }).nullable(),
  archivedAt: instant.nullable(),
})
export type WorkOrder = z.output<typeof workOrder>

/** One thing that happened, for the timeline that runs across request, work order and delivery. */
export const workOrderEvent = z.object({
  at: instant,
  kind: z.string(),
  by: who,
  bySystem: z.boolean(),
  lineId: z.uuid().nullable(),
  text: z.object({ zh: z.string(), en: z.string() }),
})

export const lease = z.object({
  lineId: z.uuid(),
  workOrderId: z.uuid(),
  workOrderNo: z.string(),
  title: z.string(),
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantId: z.uuid(),
  env: environment,
  usageUntil: day,
  daysLeft: z.int(),
  reminded: z.array(z.int()),
})
