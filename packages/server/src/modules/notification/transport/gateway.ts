import { memberAt } from './receipt.ts'
import type { Message, SettingsOf } from './transport.ts'

type GatewaySettings = Omit<SettingsOf<'SMS'>, 'channel'>
export interface GatewayCall {
  url: string
  method: string
  headers: Record<string, string>
  body?: string
}

/** Fills a gateway's templates; each value is escaped for where it stands, so that a text cannot change the shape of the call. */
export function gatewayCall(settings: GatewaySettings, secret: string, message: Message): GatewayCall {
  const values: Record<string, string> = { phone: message.to, text: `${message.title} ${message.body}`.trim(), id: message.id, secret }
  const fill = (template: string, quote: (value: string) => string) =>
    template.replaceAll(/\{(phone|text|id|secret)\}/g, (_all, name: string) => quote(values[name] ?? ''))
  const isJson = settings.contentType === 'application/json'
  const headers = Object.fromEntries(
    Object.entries(settings.headers).map(([name, value]) => [name, fill(value, (one) => one.replaceAll(/[\r\n]/g, ' '))]),
  )
  if (settings.method === 'GET') {
    const query = fill(settings.body, encodeURIComponent)
    return { url: `${settings.url}${settings.url.includes('?') ? '&' : '?'}${query}`, method: 'GET', headers }
  }
  return {
    url: settings.url,
    method: settings.method,
    headers: { 'content-type': settings.contentType, ...headers },
    body: fill(settings.body, isJson ? jsonInside : encodeURIComponent),
  }
}

const jsonInside = (value: string) => JSON.stringify(value).slice(1, -1)

/** Whether the answer says the message was taken. @returns what went wrong, null if nothing */
export function gatewayRefusal(success: GatewaySettings['success'], answer: string): string | null {
  if (!success) return null
  let value: unknown
  try {
    value = JSON.parse(answer)
  } catch {
    return `no JSON: ${answer.slice(0, 200)}`
  }
  const found = memberAt(value, success.path)
  return String(found) === success.value ? null : `${success.path} = ${String(found)}: ${answer.slice(0, 200)}`
}

/** The gateway's own id of the message, where it is what receipts are told by. */
export function gatewayId(receipt: GatewaySettings['receipt'], answer: string): string | null {
  if (!receipt?.sentId) return null
  try {
    const id = memberAt(JSON.parse(answer), receipt.sentId)
    return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 200) : null
  } catch {
    return null
  }
}
