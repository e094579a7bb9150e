/** What a work order tells others; reactions are lines of app/subscriptions.ts. */
export interface OrderNotice {
  workOrderId: string
  no: string
  requestId: string
  applicationId: string
  applicationName: string
  tenantId: string
  applicantId: string | null
}

/** A thing that was handed over. Monitoring probes, backup policies and baseline scans are registered by whoever hears of it. */
export interface HandedOver {
  lineId: string
  kind: 'VM' | 'BAREMETAL' | 'STORAGE' | 'NETWORK' | 'SECURITY'
  name: string
  /** The cloud's id; null for what people made. */
  externalId: string | null
  addresses: string[]
  usageUntil: string
  backupPolicy: string
}

declare module '../../platform/ctx.ts' {
  interface Events {
    'work-order.dispatched': OrderNotice & { kind: string; dueAt: Temporal.Instant }
    /** Not as approved, or information is missing: back to the applicant while the clock goes on. */
    'work-order.returned': OrderNotice & { reason: string }
    /** Everything is there and the credentials can be collected. */
    'work-order.ready': OrderNotice & { deliveredAt: Temporal.Instant; linkEndsAt: Temporal.Instant | null }
    /** In the transaction of the delivery: from here on it is watched, backed up and scanned. */
    'resources.handed-over': OrderNotice & { env: string; resources: readonly HandedOver[] }
    /** What stood under this line is gone from the cloud: whoever watches it stops. */
    'resources.given-back': OrderNotice & { lineIds: readonly string[] }
    'work-order.credentials-waiting': OrderNotice
    'work-order.acceptance-late': OrderNotice
    'work-order.shared': OrderNotice
    'work-order.objected': OrderNotice & { objections: number }
    'work-order.accepted': OrderNotice & { byDefault: boolean }
    'work-order.launch-confirmed': OrderNotice
    'work-order.closed': OrderNotice
    'work-order.cancelled': OrderNotice & { reason: string }
    'work-order.hold-proposed': OrderNotice & { reason: string }
    'lease.expiring': OrderNotice & { lineId: string; title: string; usageUntil: string; daysLeft: number }
    /** `env` TEST and DEV go on to the reclaim procedure. */
    'lease.expired': OrderNotice & { lineId: string; title: string; usageUntil: string; env: string }
  }
}

export const noticeOf = (order: {
  id: string
  no: string
  request_id: string
  application_id: string
  application_name: string
  tenant_id: string
  applicant_id: string | null
}): OrderNotice => ({
  workOrderId: order.id,
  no: order.no,
  requestId: order.request_id,
  applicationId: order.application_id,
  applicationName: order.application_name,
  tenantId: order.tenant_id,
  applicantId: order.applicant_id,
})
