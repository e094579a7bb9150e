import { z } from 'zod'

/** One work order a kind: each has its own clock and its own process (service plan 4.3-1). */
export const workOrderKind = z.enum(['VM', 'BAREMETAL', 'STORAGE_NETWORK'])
export type WorkOrderKind = z.output<typeof workOrderKind>
export const workOrderStatus = z.enum([
  'RECEIVED',
  'RETURNED',
  'FULFILLING',
  'FULFILL_FAILED',
  'CHECKING',
  'DELIVERED',
  'ACCEPTED',
  'TRIAL',
  'CLOSED',
  'CANCELLED',
])
export type WorkOrderStatus = z.output<typeof workOrderStatus>
export const lineKind = z.enum(['VM', 'BAREMETAL', 'STORAGE', 'NETWORK', 'SECURITY'])
export type LineKind = z.output<typeof lineKind>
/** MOVED: goes on in a follow-up work order that kept this line's clock. */
export const lineState = z.enum(['PENDING', 'WORKING', 'READY', 'FAILED', 'DELIVERED', 'ACCEPTED', 'MOVED', 'CANCELLED'])
export type LineState = z.output<typeof lineState>
/** DRIVER: the cloud makes it. MANUAL: people do, by a checklist, under the same clock. */
export const lineWay = z.enum(['DRIVER', 'MANUAL'])
export const environment = z.enum(['PROD', 'TEST', 'DEV', 'DR'])

export const who = z.object({ id: z.uuid().nullable(), name: z.string() })
