// Pieces that several shapes of the inventory are made of.
import { z } from 'zod'
import { instant, text } from './endpoint.ts'

export const name = text(120, 1)
export const code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/, '用字母、数字、点、横线，不超过 60 个字|Letters, digits, dots and dashes, at most 60')
export const note = text(2000)
export const cidr = z.union([z.cidrv4(), z.cidrv6()])
export const address = z.union([z.ipv4(), z.ipv6()])
export const units = (max: number) => z.int().min(0).max(max)

/** What every item carries. `rev` is sent back with each change; an older one is refused. */
export const item = { id: z.uuid(), rev: z.int(), createdAt: instant, updatedAt: instant, retiredAt: instant.nullable() }
export const placed = {
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid().nullable(),
  applicationName: z.string().nullable(),
}
export const person = z.object({ id: z.uuid().nullable(), name: z.string() })
