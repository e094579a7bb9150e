import type { ChannelSettings } from '@changbai/contract/notification.ts'
import type { SettingsOf } from './transport.ts'

export type ReceiptSettings = NonNullable<SettingsOf<'SMS'>['receipt']>

export interface Report {
  id: string
  /** null: a state on the way, neither arrived nor lost. */
  arrived: boolean | null
  state: string
}

/** Settings from before receipts have none. */
export const receiptOf = (settings: ChannelSettings | string): ReceiptSettings | null =>
  typeof settings !== 'string' && 'receipt' in settings ? (settings.receipt ?? null) : null

/** A member by its path, `data.result.id`; undefined where there is none. */
export function memberAt(value: unknown, path: string): unknown {
  let found = value
  for (const member of path.split('.'))
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, member) ? (found as Record<string, unknown>)[member] : undefined
  return found
}

const asText = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null

/** What a gateway reports; a report without id or state is passed over. An array is handed in as member `reports`. */
export function readReports(settings: ReceiptSettings, body: Record<string, unknown>): Report[] {
  const list = settings.list === '' ? (body.reports ?? body) : memberAt(body, settings.list)
  return (Array.isArray(list) ? list : [list]).flatMap((one): Report[] => {
    const [id, state] = [asText(memberAt(one, settings.id)), asText(memberAt(one, settings.state))]
    if (id === null || state === null) return []
    const arrived = settings.delivered.includes(state) ? true : settings.failed.includes(state) ? false : null
    return [{ id, state, arrived }]
  })
}
