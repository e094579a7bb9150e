import type { ChannelSettings } from '@changbai/contract/notification.ts'
import { callOutside } from '../../../platform/outbound.ts'

/** One message on its way out. `id` stays the same over all tries, for the other side to recognise a repeat. */
export interface Message {
  id: string
  /** E-mail address or telephone number; empty for a group bot. */
  to: string
  title: string
  body: string
  /** Absolute address in the web; null when there is nowhere to go. */
  link: string | null
}

export type SettingsOf<C extends ChannelSettings['channel']> = Extract<ChannelSettings, { channel: C }>

/** How long one try may take. */
export const SEND_MILLISECONDS = 15_000

export class SendError extends Error {}

/** Posts and gives back the text of the answer. @throws SendError for anything but a 2xx */
export async function exchange(
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
): Promise<string> {
  const { status, text: whole } = await callOutside(url, init, AbortSignal.any([signal, AbortSignal.timeout(SEND_MILLISECONDS)]))
  const text = whole.slice(0, 10_000)
  if (status < 200 || status > 299) throw new SendError(`HTTP ${status}: ${text.slice(0, 200)}`)
  return text
}
