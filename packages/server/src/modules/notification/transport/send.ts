import type { ChannelSettings } from '@changbai/contract/notification.ts'
import { type BotCall, botRefusal, dingtalkCall, feishuCall, wecomCall } from './bot.ts'
import { sendEmail } from './email.ts'
import { gatewayCall, gatewayRefusal } from './gateway.ts'
import { exchange, type Message, SendError } from './transport.ts'

/** Sends one message by one channel. @throws Error with what the other side said, if it did not take it */
export async function send(
  settings: ChannelSettings,
  secret: string,
  message: Message,
  now: Temporal.Instant,
  signal: AbortSignal,
): Promise<void> {
  switch (settings.channel) {
    case 'EMAIL':
      return sendEmail(settings, secret, message)
    case 'SMS':
    case 'PHONE': {
      const { url, ...init } = gatewayCall(settings, secret, message)
      return refuse(gatewayRefusal(settings.success, await exchange(url, init, signal)))
    }
    case 'WECOM':
      return post(wecomCall(settings.url, message), signal)
    case 'DINGTALK':
      return post(dingtalkCall(settings.url, secret, message, now), signal)
    case 'FEISHU':
      return post(feishuCall(settings.url, secret, message, now), signal)
  }
}

async function post({ url, body }: BotCall, signal: AbortSignal): Promise<void> {
  refuse(botRefusal(await exchange(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }, signal)))
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new SendError(reason)
}
