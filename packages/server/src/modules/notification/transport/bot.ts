import { createHmac } from 'node:crypto'
import type { Message } from './transport.ts'

export interface BotCall {
  url: string
  body: string
}

const markdown = ({ title, body, link }: Message) => `**${plainText(title)}**\n\n${plainText(body)}${link ? `\n\n[查看](${link})` : ''}`
/** What people typed must not become markup of the group's client. */
const plainText = (text: string) => text.replaceAll(/[\\`*_[\]<>#]/g, (character) => `\\${character}`)

/** 企业微信: the key is part of the address; nothing is signed. */
export const wecomCall = (url: string, message: Message): BotCall => ({
  url,
  body: JSON.stringify({ msgtype: 'markdown', markdown: { content: markdown(message) } }),
})

/** 钉钉: HMAC-SHA256 of "milliseconds LF secret" by the secret, added to the address. */
export function dingtalkCall(url: string, secret: string, message: Message, now: Temporal.Instant): BotCall {
  const timestamp = String(now.epochMilliseconds)
  const signed = new URL(url)
  if (secret) {
    signed.searchParams.set('timestamp', timestamp)
    signed.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))
  }
  return { url: signed.href, body: JSON.stringify({ msgtype: 'markdown', markdown: { title: message.title, text: markdown(message) } }) }
}

/** 飞书: HMAC-SHA256 of nothing, by "seconds LF secret", in the body. */
export function feishuCall(url: string, secret: string, message: Message, now: Temporal.Instant): BotCall {
  const timestamp = String(Math.floor(now.epochMilliseconds / 1000))
  const sign = secret ? { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') } : {}
  const lines = [[{ tag: 'text', text: message.body }], ...(message.link ? [[{ tag: 'a', text: '查看', href: message.link }]] : [])]
  return {
    url,
    body: JSON.stringify({ ...sign, msg_type: 'post', content: { post: { zh_cn: { title: message.title, content: lines } } } }),
  }
}

/** All three answer 200 and tell in the body whether they took it. @returns what went wrong, null if nothing */
export function botRefusal(answer: string): string | null {
  try {
    const { errcode, code, StatusCode, errmsg, msg } = JSON.parse(answer) as Record<string, unknown>
    const result = errcode ?? code ?? StatusCode
    return result === 0 ? null : String(errmsg ?? msg ?? answer).slice(0, 200)
  } catch {
    return answer.slice(0, 200) || 'empty answer'
  }
}
