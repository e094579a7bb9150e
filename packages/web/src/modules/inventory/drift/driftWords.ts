import type { Drift } from '@changbai/contract/inventory.drift.ts'
import type { Say } from '../../../shared/text.ts'
import type { inventoryText } from '../inventoryText.ts'

export type T = typeof inventoryText extends { keys?: infer K extends string } ? Say<K> : never
export const kindWord = (t: T, kind: Drift['kind']): string => (kind === 'address' ? t('address_kind') : t(kind))

const fields = [
  'name',
  'state',
  'vcpu',
  'memMiB',
  'addresses',
  'publicAddresses',
  'gib',
  'attachedTo',
  'cidr',
  'address',
  'instances',
  'volumes',
  'volumeGiB',
] as const
export function fieldWord(t: T, field: string): string {
  const known = fields.find((one) => one === field)
  return known ? t(`field_${known}`) : field
}
