import type { ChannelSettings } from '@changbai/contract/notification.ts'
import { type BotCall, botRefusal, dingtalkCall, feishuCall, wecomCall } from './bot.ts'
import { sendEmail } from './email.ts'
import { gatewayCall, gatewayId, gatewayRefusal } from './gateway.ts'
import { exchange, type Message, SendError } from './transport.ts'

/** What the other side said of a message it took. */
export interface Sent {
  /** It is where people read it: a group bot answers only then. */
  arrived: boolean
  /** The other side's own id of the message. */
  reference: string | null
}
const TAKEN: Sent = { arrived: false, reference: null }

/** Sends one message by one channel. @throws Error with what the other side said, if it did not take it */
export async function send(
  settings: ChannelSettings,
  secret: string,
  message: Message,
  now: Temporal.Instant,
  signal: AbortSignal,
): Promise<Sent> {
  switch (settings.channel) {
    case 'EMAIL':
      await sendEmail(settings, secret, message)
      return TAKEN
    case 'SMS':
    case 'PHONE': {
      const { url, ...init } = gatewayCall(settings, secret, message)
      const answer = await exchange(url, init, signal)
      refuse(gatewayRefusal(settings.success, answer))
      return { arrived: false, reference: gatewayId(settings.receipt, answer) }
    }
    case 'WECOM':
      return post(wecomCall(settings.url, message), signal)
    case 'DINGTALK':
      return post(dingtalkCall(settings.url, secret, message, now), signal)
    case 'FEISHU':
      return post(feishuCall(settings.url, secret, message, now), signal)
  }
}

async function post({ url, body }: BotCall, signal: AbortSignal): Promise<Sent> {
  refuse(botRefusal(await exchange(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }, signal)))
  return { arrived: true, reference: null }
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new SendError(reason)
}
